import { type Fields, wordOf } from './values.ts'

/** A text of Python's format with values in its places; what has no value stays. */
export function fillIn(template: string, values: Fields): string {
  return template.replaceAll(/\{\{|\}\}|\{(\w+)\}/g, (found, name: string | undefined) => {
    if (found === '{{') return '{'
    if (found === '}}') return '}'
    const value = name === undefined ? undefined : values[name]
    return value === '' ? '' : (wordOf(value) ?? found)
  })
}

/** A literal text within Python's format. */
export function asLiteral(text: string): string {
  return text.replaceAll(/[{}]/g, '$&$&')
}
