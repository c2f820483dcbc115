import type { StoredCondition } from '../stored-condition.ts'
import type { Observation } from './judge.ts'

/** Where the evaluation of a rule stands. Times are in milliseconds. */
export interface Standing {
  state: 'ok' | 'pending' | 'firing'
  since: number | null
  lastFiredAt: number | null
  /** The start of the window in which it fired last: it fires once for each. */
  lastWindow: number | null
}

export const CALM: Standing = { state: 'ok', since: null, lastFiredAt: null, lastWindow: null }

/** What one observation leads to. */
export interface Step {
  standing: Standing
  happened: 'fired' | 'resolved' | undefined
}

type Patience = Pick<StoredCondition, 'hold_minutes' | 'cooldown_minutes'>

/** One step of a rule: the only place that says when it fires and when that is over. */
export function step(before: Standing, observation: Observation, patience: Patience): Step {
  const { at, windowStart, isBreached } = observation
  const { state } = before
  if (!isBreached) {
    const standing: Standing = state === 'ok' ? before : { ...before, state: 'ok', since: at }
    return { standing, happened: state === 'firing' ? 'resolved' : undefined }
  }
  if (state === 'firing') return { standing: before, happened: undefined }
  const since = state === 'pending' && before.since !== null ? before.since : at
  const waiting: Standing = { ...before, state: 'pending', since }
  if (!mayFire(waiting, observation, patience)) return { standing: waiting, happened: undefined }
  const standing: Standing = { state: 'firing', since: at, lastFiredAt: at, lastWindow: windowStart }
  return { standing, happened: 'fired' }
}

const MINUTE_MS = 60_000

function mayFire(
  { since, lastFiredAt, lastWindow }: Standing,
  { at, windowStart }: Observation,
  { hold_minutes, cooldown_minutes }: Patience,
): boolean {
  if (at - (since ?? at) < hold_minutes * MINUTE_MS) return false
  if (lastWindow !== null && windowStart <= lastWindow) return false
  return lastFiredAt === null || at - lastFiredAt >= cooldown_minutes * MINUTE_MS
}

/** Something that fired, and how it ended. */
export interface Firing {
  fired: Observation
  resolved: Observation | undefined
}

/** Goes through observations in their order. */
export function walk(
  from: Standing,
  observations: readonly Observation[],
  patience: Patience,
): { standing: Standing; firings: Firing[]; ended: Observation | undefined } {
  let standing = from
  /** What ended that had fired before. */
  let ended: Observation | undefined
  const firings: Firing[] = []
  for (const observation of observations) {
    const { standing: after, happened } = step(standing, observation, patience)
    standing = after
    if (happened === 'fired') firings.push({ fired: observation, resolved: undefined })
    const open = firings.at(-1)
    if (happened === 'resolved') {
      if (open === undefined) ended = observation
      else open.resolved = observation
    }
  }
  return { standing, firings, ended }
}
