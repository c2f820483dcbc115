import type { Json } from './json.ts'

/** The last is the type of placeholders: a list of messages. */
export const VARIABLE_TYPES = [
  'string',
  'number',
  'integer',
  'boolean',
  'enum',
  'array',
  'object',
  'messages',
] as const
export type VariableType = (typeof VARIABLE_TYPES)[number]

/** A declared variable in its canonical form; what does not apply is absent, never null. */
export interface Variable {
  name: string
  type: VariableType
  required: boolean
  description?: string
  /** Used when no value is given; already of the declared type. */
  default?: Json
  /** The allowed texts, for an enum or a string. */
  enum?: string[]
  /** RE2 pattern that must occur in a string. */
  pattern?: string
  /** Smallest number, shortest string (UTF-16 units) or shortest array. */
  min?: number
  /** Largest number, longest string (UTF-16 units) or longest array. */
  max?: number
  example?: Json
}
