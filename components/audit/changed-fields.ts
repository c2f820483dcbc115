import type { AuditEvent } from '#lib/audit/schema.ts'

/** A field that a change made another, as texts to read; undefined: it was not there. */
export interface ChangedField {
  field: string
  before: string | undefined
  after: string | undefined
}

/** Texts of one line and up to so many characters stand beside each other; others are compared line by line. */
const SHORT = 120

/** The fields that differ, in the order of what was there after the change. */
export function changedFields({ before, after }: Pick<AuditEvent, 'before' | 'after'>): ChangedField[] {
  const fields = [...new Set([...Object.keys(after ?? {}), ...Object.keys(before ?? {})])]
  return fields
    .map((field) => ({ field, before: textOf(before, field), after: textOf(after, field) }))
    .filter((each) => each.before !== each.after)
}

export function isShort({ before = '', after = '' }: ChangedField): boolean {
  return [before, after].every((text) => text.length <= SHORT && !text.includes('\n'))
}

function textOf(values: AuditEvent['before'], field: string): string | undefined {
  const value = values?.[field]
  if (value === undefined) return undefined
  if (typeof value === 'string') return value === '' ? '“”' : value
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object'))
    return value.length === 0 ? 'none' : value.join(', ')
  return value === null ? 'none' : JSON.stringify(value, null, 2)
}
