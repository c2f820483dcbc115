import type { Json } from '#lib/liquid/json.ts'
import type { Variable } from '#lib/liquid/variable.ts'
import { jsonProblem } from './json-place.ts'

/** The values of the form: text by variable name; a variable that is absent was not given. */
export type FormValues = Readonly<Record<string, string>>

/** The text that a field shows for a JSON value: the string itself, or the JSON on several lines. */
export function fieldText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2)
}

/** The form filled with the variables' examples; values that are there stay. */
export function withExamples(variables: readonly Variable[], values: FormValues): FormValues {
  const filled: Record<string, string> = { ...values }
  for (const { name, example } of variables)
    if (example !== undefined && !filled[name]) filled[name] = fieldText(example)
  return filled
}

/** The form with the values of a saved example in it, and nothing else. */
export function formOf(example: Readonly<Record<string, unknown>>): FormValues {
  return Object.fromEntries(
    Object.entries(example).flatMap(([name, value]) =>
      value === undefined || value === null ? [] : [[name, fieldText(value as Json)]],
    ),
  )
}

/**
 * The values to render with: an empty field counts as not given. Everything is still text, which the
 * renderer turns into the declared types. Values of no variable (of another draft, say) stay behind.
 */
export function givenValues(variables: readonly Variable[], values: FormValues): Record<string, string> {
  return Object.fromEntries(variables.flatMap(({ name }) => (values[name] ? [[name, values[name]]] : [])))
}

/** The same values as JSON of the declared types, for a call; a value that does not parse stays text. */
export function typedValues(variables: readonly Variable[], values: FormValues): Record<string, Json> {
  const given = givenValues(variables, values)
  return Object.fromEntries(
    variables.flatMap(({ name, type }) => {
      const text = given[name]
      return text === undefined ? [] : [[name, typedValue(type, text)]]
    }),
  )
}

/** Whether both forms give the same values for these variables. */
export function sameValues(variables: readonly Variable[], left: FormValues, right: FormValues): boolean {
  return JSON.stringify(typedValues(variables, left)) === JSON.stringify(typedValues(variables, right))
}

/**
 * Says of a field for JSON where its text stops being JSON: `line 2, column 5: "," or "]" is expected`.
 * @returns undefined when it is JSON, empty, or when the field is for something else
 */
export function jsonPlace({ type }: Variable, text: string): string | undefined {
  if (text === '' || (type !== 'array' && type !== 'object')) return undefined
  const problem = jsonProblem(text)
  return problem && `line ${problem.line}, column ${problem.column}: ${problem.expected} is expected`
}

function typedValue(type: Variable['type'], text: string): Json {
  if (type === 'string' || type === 'enum') return text
  try {
    const value = JSON.parse(text) as Json
    return hasType(type, value) ? value : text
  } catch {
    return text
  }
}

function hasType(type: Variable['type'], value: Json): boolean {
  switch (type) {
    case 'number':
    case 'integer':
      return typeof value === 'number' && String(value).length <= 16
    case 'boolean':
      return typeof value === 'boolean'
    case 'array':
    case 'messages':
      return Array.isArray(value)
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value)
    case 'string':
    case 'enum':
      return false
  }
}
