import type { Actor } from '../../access/actor.ts'
import { FairCache } from '../../fair-cache.ts'
import type { Variable } from '../../liquid/variable.ts'
import { getRuntime } from '../../runtime.ts'

/** Longer texts are documents, not something to pick from a list. */
const LENGTH_MAX = 200
const VALUES_MAX = 20
/** Pairs of an actor and a prompt whose values are kept, of all workspaces together. */
const PROMPTS_MAX = 2000
/** Of a burst of renders one is enough, and remembering must not cost the others anything. */
const PAUSE_MS = 1000

/** What one actor has used with one prompt: texts by variable, the newest last. */
interface Memory {
  until: number
  readonly values: Map<string, Set<string>>
}

function memories(): FairCache<Memory> {
  return getRuntime().once('prompts.pastValues', () => new FairCache<Memory>({ maxEntries: PROMPTS_MAX }))
}

/**
 * Remembers short texts that an actor rendered a prompt with, to offer them to the same actor again.
 * They stay in this process's memory: never stored, logged or shown to anybody else.
 */
export function rememberValues(
  actor: Actor,
  promptId: string,
  variables: readonly Variable[],
  given: Readonly<Record<string, unknown>>,
): void {
  const key = `${actor.id} ${promptId}`
  const known = memories().get(actor.workspaceId, key)
  const now = performance.now()
  if (known !== undefined && known.until > now) return
  const memory = known ?? { until: 0, values: new Map<string, Set<string>>() }
  memory.until = now + PAUSE_MS
  for (const { name, type } of variables) {
    const value = given[name]
    if (type !== 'string' || typeof value !== 'string' || value === '' || value.length > LENGTH_MAX) continue
    remember(memory.values, name, value)
  }
  if (known === undefined && memory.values.size > 0) memories().set(actor.workspaceId, key, memory)
}

function remember(values: Map<string, Set<string>>, name: string, value: string): void {
  const texts = values.get(name) ?? new Set()
  // Taken out and put in again: a set keeps the order of insertion.
  texts.delete(value)
  texts.add(value)
  const [oldest] = texts
  if (texts.size > VALUES_MAX && oldest !== undefined) texts.delete(oldest)
  values.set(name, texts)
}

/** Texts that this actor has used for a variable of a prompt, the newest first. */
export function pastValues(actor: Actor, promptId: string, variable: string): string[] {
  const memory = memories().get(actor.workspaceId, `${actor.id} ${promptId}`)
  return [...(memory?.values.get(variable) ?? [])].toReversed()
}
