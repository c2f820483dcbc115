import type { ErrorDetail } from '../../errors.ts'
import { isJsonObject, type Json } from '../../liquid/json.ts'
import {
  checkLength,
  measure,
  type ReadBudget,
  readBudget,
  spendMatching,
  type ValueLimits,
} from '../../liquid/value-size.ts'
import type { Variable } from '../../liquid/variable.ts'
import { choiceList } from './allowed-values.ts'
import { readMessages } from './messages.ts'
import { matchCost, matchesPattern } from './pattern.ts'
import { missing, type ValueProblem, valuesError, wrong } from './values-error.ts'

/** The variables of a prompt, ready for many renders. */
export interface VariableTable {
  readonly list: readonly Variable[]
  readonly names: ReadonlySet<string>
  /** Names of texts that are only written as JSON, and so take lists and objects as well. */
  readonly jsonOnly: () => ReadonlySet<string>
  /** The texts are literal, so that what looks like a variable in them is none. */
  readonly isLiteral: boolean
}

type Read = { value: Json } | { problem: ValueProblem }

/** @param findJsonOnly asked once, when a text is given a list or an object */
export function variableTable(
  variables: readonly Variable[],
  findJsonOnly: () => ReadonlySet<string> = () => new Set(),
  isLiteral = false,
): VariableTable {
  let found: ReadonlySet<string> | undefined
  return {
    list: variables,
    names: new Set(variables.map((variable) => variable.name)),
    jsonOnly: () => (found ??= findJsonOnly()),
    isLiteral,
  }
}

/**
 * Checks and converts the values of one render.
 * @returns a value for every declared variable; null stands for an optional one without a value
 * @throws AppError `unprocessable` with one detail per missing, wrong or unknown variable;
 *   `too_large` when the values exceed the limits; `invalid_input` for text that no database can hold
 */
export function coerceValues(
  table: VariableTable,
  given: Readonly<Record<string, unknown>>,
  limits?: ValueLimits,
): Map<string, Json> {
  const values = new Map<string, Json>()
  const details: ErrorDetail[] = []
  const budget = readBudget(limits)
  for (const variable of table.list) {
    const raw = Object.hasOwn(given, variable.name) ? given[variable.name] : undefined
    if (raw === undefined || raw === null) {
      if (variable.required) details.push(missing(variable))
      else values.set(variable.name, variable.default ?? null)
      continue
    }
    const read = readValue(asJson(variable, raw, table), raw, budget)
    if ('value' in read) values.set(variable.name, read.value)
    else details.push(wrong(variable, read.problem))
  }
  const strange = Object.keys(given).filter((name) => !table.names.has(name))
  if (details.length + strange.length > 0) throw valuesError(details, strange, table, given)
  return values
}

/** A text that is only written as JSON takes a list or an object as what it is. */
function asJson(variable: Variable, raw: unknown, table: VariableTable): Variable {
  const isPlainText =
    variable.type === 'string' && variable.enum === undefined && variable.pattern === undefined
  if (typeof raw !== 'object' || !isPlainText || !table.jsonOnly().has(variable.name)) return variable
  return { name: variable.name, required: variable.required, type: Array.isArray(raw) ? 'array' : 'object' }
}

/**
 * Reads one value in the declared type, without loss, or says why it cannot be.
 * @throws AppError `too_large`, `invalid_input` or `unprocessable` when it is no bounded, storable JSON
 */
export function readValue(variable: Variable, raw: unknown, budget: ReadBudget): Read {
  if (typeof raw === 'string') checkLength(raw.length, budget)
  const read = convert(variable, raw)
  if ('problem' in read) return read
  measure(read.value, variable.name, budget)
  const problem = constraintProblem(variable, read.value, budget)
  return problem ? { problem } : read
}

function convert(variable: Variable, raw: unknown): Read {
  switch (variable.type) {
    case 'string':
    case 'enum':
      if (typeof raw === 'string') return { value: raw }
      if (typeof raw === 'boolean' || (typeof raw === 'number' && Number.isFinite(raw)))
        return { value: String(raw) }
      return refuse(variable.enum ? oneOf(variable.enum) : 'must be a string')
    case 'number':
      return toNumber(raw, 'must be a number')
    case 'integer': {
      const read = toNumber(raw, 'must be a whole number')
      if ('value' in read && !Number.isSafeInteger(read.value))
        return refuse('must be a whole number up to 2^53')
      return read
    }
    case 'boolean':
      if (typeof raw === 'boolean') return { value: raw }
      if (raw === 'true' || raw === 'false') return { value: raw === 'true' }
      return refuse('must be true or false')
    case 'array': {
      if (typeof raw === 'string') return toList(raw)
      return Array.isArray(raw) ? { value: raw as Json[] } : refuse(LIST_EXPECTED)
    }
    case 'messages': {
      const read = readMessages(raw)
      return 'problem' in read ? refuse(read.problem) : read
    }
    case 'object': {
      const parsed = typeof raw === 'string' ? parseJson(raw) : (raw as Json)
      return isJsonObject(parsed) ? { value: parsed } : refuse('must be an object, or the JSON text of one')
    }
  }
}

const LIST_EXPECTED = 'must be an array, the JSON text of one, or a text with one item per line'

/**
 * A list that was typed: the JSON text of an array, one object as JSON, or else the lines that hold something.
 * A text that plainly starts as JSON and is none was meant as JSON, so it is refused rather than split.
 */
function toList(text: string): Read {
  const parsed = parseJson(text)
  if (Array.isArray(parsed)) return { value: parsed }
  if (isJsonObject(parsed)) return { value: [parsed] }
  if (parsed === undefined && /^\s*\[\s*["{[]/.test(text))
    return refuse('starts like a JSON array and is none')
  return { value: text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== '') }
}

function oneOf(choices: readonly string[]): string {
  return `must be one of: ${choiceList(choices)}`
}

function refuse(message: string): Read {
  return { problem: { code: 'invalid_variable', message } }
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/

function toNumber(raw: unknown, expected: string): Read {
  if (typeof raw === 'number') return Number.isFinite(raw) ? { value: raw } : refuse(expected)
  if (typeof raw !== 'string' || raw.length > 400) return refuse(expected)
  const text = raw.trim()
  const value = Number(text)
  if (!NUMBER.test(text) || !Number.isFinite(value)) return refuse(expected)
  return keepsDigits(text, value)
    ? { value: value === 0 ? 0 : value }
    : refuse(`${expected} that keeps all its digits as a 64-bit float`)
}

/** Fifteen digits are always kept; more are when the number shows them again, exactly or in its shortest form. */
function keepsDigits(text: string, value: number): boolean {
  const digits = significantDigits(text)
  if (value === 0) return digits === ''
  if (digits.length <= 15 || significantDigits(String(value)) === digits) return true
  return significantDigits(value.toPrecision(Math.min(digits.length, 100))) === digits
}

/** The digits that carry the value: without sign, point, exponent, leading and trailing zeros. */
function significantDigits(text: string): string {
  const mantissa = text.replace(/[eE].*$/, '').replace(/[^\d]/g, '')
  return mantissa.replace(/^0+/, '').replace(/0+$/, '')
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

function constraintProblem(variable: Variable, value: Json, budget: ReadBudget): ValueProblem | undefined {
  if (variable.enum && !variable.enum.includes(value as string)) {
    return { code: 'invalid_variable', message: oneOf(variable.enum) }
  }
  const { min, max, pattern } = variable
  if (min !== undefined || max !== undefined) {
    const [size, unit] = sizeOf(value)
    if (min !== undefined && size < min) return outside(`must be at least ${min}${unit}`)
    if (max !== undefined && size > max) return outside(`must be at most ${max}${unit}`)
  }
  if (pattern === undefined || typeof value !== 'string') return undefined
  spendMatching(matchCost(pattern, value.length), budget)
  return matchesPattern(pattern, value) ? undefined : outside(`must match the pattern ${pattern}`)
}

function outside(message: string): ValueProblem {
  return { code: 'invalid_variable', message }
}

function sizeOf(value: Json): [number, string] {
  if (typeof value === 'number') return [value, '']
  if (typeof value === 'string') return [value.length, ' characters long']
  return [Array.isArray(value) ? value.length : 0, ' items long']
}
