import {
  hearEvent,
  type LiveGeneration,
  liveOf,
  UNKNOWN,
} from '#components/generations/follow/live-generation.ts'
import type { Generation, GenerationEvent } from '#lib/generations/schema.ts'
import { isFinished } from '#lib/generations/status.ts'

/** The state of the last run of one configuration. */
export interface Run {
  /** Its own, also before the server has given the generation an id. */
  key: string
  /** Of the generation, once there is one. */
  id: string | undefined
  /** Milliseconds since 1970. */
  startedAt: number
  live: LiveGeneration
  /** Somebody pressed Stop: the text that has arrived stays as it is. */
  isStopped: boolean
  /** It was not accepted. */
  refused: Error | undefined
}

/** The last run of each configuration, by its name. */
export type Runs = Readonly<Record<string, Run>>

export type RunsChange =
  | { type: 'send'; configurations: readonly string[]; keys: readonly string[]; at: number }
  | { type: 'accept'; configuration: string; key: string; generation: Generation }
  | { type: 'refuse'; configuration: string; key: string; error: Error }
  | { type: 'hear'; heard: readonly { configuration: string; key: string; event: GenerationEvent }[] }
  | { type: 'stop'; configurations: readonly string[] }
  | { type: 'forget'; configuration: string }
  /** Runs of before a reload: their ids by configuration. */
  | { type: 'restore'; ids: Readonly<Record<string, string>>; at: number }

export function changeRuns(runs: Runs, change: RunsChange): Runs {
  switch (change.type) {
    case 'send': {
      const begun = change.configurations.map((name, index) => [
        name,
        { ...beginning(change.keys[index] ?? '', change.at), live: { ...UNKNOWN, configuration: name } },
      ])
      return { ...runs, ...Object.fromEntries(begun) }
    }
    case 'accept':
      return changed(runs, change, (run) => ({
        ...run,
        id: change.generation.id,
        live: run.isStopped ? run.live : liveOf(change.generation),
      }))
    case 'refuse':
      return changed(runs, change, (run) => ({ ...run, refused: change.error }))
    case 'hear':
      return change.heard.reduce(
        (all, { event, ...which }) => changed(all, which, (run) => hearRun(run, event)),
        runs,
      )
    case 'stop':
      return change.configurations.reduce((all, name) => {
        const run = all[name]
        return run === undefined || !isRunning(run) ? all : { ...all, [name]: { ...run, isStopped: true } }
      }, runs)
    case 'forget':
      return Object.fromEntries(Object.entries(runs).filter(([name]) => name !== change.configuration))
    case 'restore': {
      const restored = Object.entries(change.ids).map(([name, id]) => [
        name,
        { ...beginning(id, change.at), id, live: { ...UNKNOWN, configuration: name } },
      ])
      return { ...Object.fromEntries(restored), ...runs }
    }
  }
}

/** Whether it may still change: it is on its way, waits, or writes. */
export function isRunning({ live, refused, isStopped }: Run): boolean {
  return refused === undefined && !isStopped && !isFinished(live.status)
}

function beginning(key: string, at: number): Run {
  return { key, id: undefined, startedAt: at, live: UNKNOWN, isStopped: false, refused: undefined }
}

/** A run that another has taken the place of hears nothing any more. */
function changed(
  runs: Runs,
  { configuration, key }: { configuration: string; key: string },
  change: (run: Run) => Run,
): Runs {
  const run = runs[configuration]
  if (run === undefined || run.key !== key) return runs
  const next = change(run)
  return next === run ? runs : { ...runs, [configuration]: next }
}

/** After Stop only the end counts: it tells what was kept and what it cost. */
function hearRun(run: Run, event: GenerationEvent): Run {
  if (run.isStopped && event.type !== 'finished') return run
  const live = hearEvent(run.live, event)
  return live === run.live ? run : { ...run, live }
}
