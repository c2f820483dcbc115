import { counted } from '#components/ui/format.ts'
import type { Variable } from '#lib/liquid/variable.ts'

/** The type of a variable and its limits in a few words: `integer, 1 to 10`. */
export function typeLabel({ type, enum: values, min, max, pattern }: Variable): string {
  const kind =
    type === 'enum' || values
      ? 'choice'
      : isJson(type)
        ? `${type}, JSON`
        : type === 'messages'
          ? 'messages, JSON or text'
          : type
  return [kind, bounds(type, min, max), pattern === undefined ? '' : `like ${pattern}`]
    .filter(Boolean)
    .join(', ')
}

const UNITS: Partial<Record<Variable['type'], string>> = {
  string: 'character',
  array: 'item',
  messages: 'message',
}

function isJson(type: Variable['type']): boolean {
  return type === 'array' || type === 'object'
}

function bounds(type: Variable['type'], min: number | undefined, max: number | undefined): string {
  // "At least one character" says no more than that the value is required.
  const low = type === 'string' && min === 1 ? undefined : min
  const unit = UNITS[type]
  const amount = (value: number) => (unit === undefined ? String(value) : counted(value, unit))
  if (low !== undefined && max !== undefined) return `${low} to ${amount(max)}`
  if (low !== undefined) return `at least ${amount(low)}`
  return max === undefined ? '' : `up to ${amount(max)}`
}
