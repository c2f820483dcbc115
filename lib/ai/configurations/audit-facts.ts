import type { StoredConfiguration } from './stored-configuration.ts'

/** What happened to the key; undefined: nothing. The key itself is in no log. */
export type KeyChange = 'set' | 'removed' | undefined

type Facts = Record<string, unknown>

/** What the audit log keeps of a configuration: never a key, and of its text the length alone. */
export function auditFacts(
  row: StoredConfiguration,
  all: readonly StoredConfiguration[],
  key: KeyChange,
): Facts {
  const { id: _id, fallback_id, has_key: _hasKey, revision: _revision, system_text, ...facts } = row
  return {
    ...facts,
    fallback: all.find((each) => each.id === fallback_id)?.name ?? null,
    system_text_length: system_text?.length ?? null,
    ...(key === undefined ? {} : { api_key: key }),
  }
}

/** The facts that a change made others of; undefined when there are none. */
export function changedFacts(
  before: StoredConfiguration,
  after: StoredConfiguration,
  all: readonly StoredConfiguration[],
  key: KeyChange,
): { before: Facts; after: Facts } | undefined {
  const was = auditFacts(before, all, undefined)
  const is = auditFacts(after, all, key)
  const isTextNew = before.system_text !== after.system_text
  const keys = Object.keys(is).filter(
    (name) =>
      JSON.stringify(was[name]) !== JSON.stringify(is[name]) || (name === 'system_text_length' && isTextNew),
  )
  if (keys.length === 0) return undefined
  const pick = (facts: Facts) => Object.fromEntries(keys.map((name) => [name, facts[name]]))
  return { before: pick(was), after: pick(is) }
}
