/*
 * The schema library's messages about wrong values, in plain words. Messages of our own schemas stay as they are.
 */

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
  null: 'null',
}

const FORMATS: Readonly<Record<string, string>> = {
  UUID: 'an id, which is a UUID in full',
  GUID: 'an id, which is a UUID in full',
  'ISO datetime': 'a time in ISO 8601 with an offset, such as 2026-01-31T12:00:00Z',
  'ISO date': 'a date such as 2026-01-31',
  'base64-encoded string': 'base64',
  URL: 'a URL',
  'email address': 'an e-mail address',
}

type Rule = readonly [pattern: RegExp, words: (found: string[]) => string]

const RULES: readonly Rule[] = [
  [/^Invalid input: expected \w+, received undefined$/, () => 'is required'],
  [/^Invalid input: expected (\w+), received \w+$/, ([kind = '']) => `must be ${KINDS[kind] ?? kind}`],
  [/^Invalid input: expected (.+)$/s, ([value]) => `must be ${value}`],
  [/^Invalid input$/, () => 'has none of the forms that are allowed'],
  [/^Invalid option: expected one of (.+)$/s, ([values = '']) => oneOf(values.split('|'))],
  [/^Invalid discriminator value\. Expected (.+)$/s, ([values = '']) => oneOf(values.split(' | '))],
  [/^Too (?:small|big): expected (\w+) to (?:have|be) (>=|<=|>|<|exactly )(-?[\d.]+)(?: (\w+))?$/, bound],
  [/^Invalid (?:string|number): (must .+)$/s, ([rule = '']) => rule],
]

/** A schema's message for one value; other messages as they are. */
export function plainMessage(message: string): string {
  const format = FORMATS[message.replace(/^Invalid /, '')]
  if (format !== undefined) return `must be ${format}`
  for (const [pattern, words] of RULES) {
    const found = pattern.exec(message)
    if (found !== null) return words(found.slice(1))
  }
  return message
}

function oneOf(quoted: string[]): string {
  return `must be one of: ${quoted.map((value) => value.replace(/^(["'])(.*)\1$/s, '$2')).join(', ')}`
}

const COMPARED: Readonly<Record<string, string>> = {
  '>=': 'at least',
  '<=': 'at most',
  '>': 'more than',
  '<': 'less than',
}

function bound([kind = '', sign = '', number = '', unit = '']: string[]): string {
  const compared = `${COMPARED[sign] ?? 'exactly'} ${number}`
  if (unit === '')
    return kind === 'number' || kind === 'int' ? `must be ${compared}` : `must have ${compared}`
  if (compared === 'at least 1') return 'must not be empty'
  return `must have ${compared} ${number === '1' ? unit.replace(/s$/, '') : unit}`
}
