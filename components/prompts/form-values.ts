import type { Json } from '#lib/prompts/content/json.ts'
import type { Variable } from '#lib/prompts/variables/variable.ts'

/** What stands in the form: text by variable name; a variable that is absent was not given. */
export type FormValues = Readonly<Record<string, string>>

/** What a field shows for a value of JSON: the text itself, or the JSON on several lines. */
export function fieldText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2)
}

/** The form filled with the variables' examples; what is there stays. */
export function withExamples(variables: readonly Variable[], values: FormValues): FormValues {
  const filled: Record<string, string> = { ...values }
  for (const { name, example } of variables)
    if (example !== undefined && !filled[name]) filled[name] = fieldText(example)
  return filled
}

/**
 * The values to render with: an empty field counts as not given. Everything is still text, which the
 * renderer turns into the declared types.
 */
export function givenValues(variables: readonly Variable[], values: FormValues): Record<string, string> {
  return Object.fromEntries(variables.flatMap(({ name }) => (values[name] ? [[name, values[name]]] : [])))
}

/** The same values as JSON of the declared types, for a call; what does not read as its type stays text. */
export function typedValues(variables: readonly Variable[], values: FormValues): Record<string, Json> {
  const given = givenValues(variables, values)
  return Object.fromEntries(
    variables.flatMap(({ name, type }) => {
      const text = given[name]
      return text === undefined ? [] : [[name, typedValue(type, text)]]
    }),
  )
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
      return Array.isArray(value)
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value)
    case 'string':
    case 'enum':
      return false
  }
}
