/** Recognizes what a pasted text is, so that it gets the file name by which the server knows its form. Pure. */

/** The forms that a pasted text can be taken for, by the ending of their files. */
export const PASTED_FORMS = [
  { ending: '.txt', name: 'Plain text' },
  { ending: '.md', name: 'Markdown' },
  { ending: '.json', name: 'JSON' },
  { ending: '.jsonl', name: 'JSON Lines' },
  { ending: '.csv', name: 'CSV' },
  { ending: '.prompt', name: 'dotprompt (.prompt)' },
  { ending: '.prompty', name: 'Prompty (.prompty)' },
  { ending: '.prompt.yml', name: 'GitHub Models (.prompt.yml)' },
  { ending: '.yaml', name: 'YAML' },
] as const
export type PastedEnding = (typeof PASTED_FORMS)[number]['ending']

const FRONT_MATTER = /^---\r?\n([\s\S]*?)\r?\n---(?:\r?\n|$)([\s\S]*)$/
const ROLE_LINE = /^#?\s*(?:system|user|assistant):[ \t]*(?:\n|$)/m
const PICOSCHEMA = /^input:\s*\n\s+(?:schema|default):/m
const HANDLEBARS = /\{\{\s*(?:role|history|media|#if|#each|>)/
const YAML_LIST = /^messages:\s*\n\s*-\s/m
const YAML_KEY = /^[a-z][\w-]*:(?:\s|$)/i

/** The ending that fits a text best; plain text where nothing tells. */
export function recognize(text: string): PastedEnding {
  const trimmed = text.trim()
  if (isJson(trimmed)) return '.json'
  if (isJsonLines(trimmed)) return '.jsonl'
  const front = FRONT_MATTER.exec(trimmed)
  if (front) return recognizeFront(front[1] ?? '', front[2] ?? '')
  if (HANDLEBARS.test(trimmed)) return '.prompt'
  if (YAML_LIST.test(trimmed) && YAML_KEY.test(trimmed)) return '.prompt.yml'
  if (isTable(trimmed)) return '.csv'
  return /^#{1,6} \S/m.test(trimmed) ? '.md' : '.txt'
}

function recognizeFront(front: string, body: string): PastedEnding {
  if (HANDLEBARS.test(body) || PICOSCHEMA.test(front)) return '.prompt'
  if (ROLE_LINE.test(body) && !/^kind:/m.test(front)) return '.prompty'
  return '.md'
}

function isJson(text: string): boolean {
  if (!/^[[{]/.test(text)) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function isJsonLines(text: string): boolean {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  return lines.length > 1 && lines.every((line) => line.startsWith('{') && isJson(line.trim()))
}

/** A head of several short names, and below it as many cells. */
function isTable(text: string): boolean {
  const [head = '', first = ''] = text.split('\n', 2)
  const names = head.split(',')
  return (
    names.length > 1 &&
    (first.includes('"') || first.split(',').length === names.length) &&
    names.every((name) => /^"?[A-Za-z][\w -]{0,30}"?\s*$/.test(name.trim()))
  )
}

const OWN_NAME = /^name:[ \t]*["']?([a-z0-9][a-z0-9_-]*)["']?[ \t]*$/m

/** The file that a pasted text is brought as. @param typed its name, where it does not name itself; empty: a number */
export function pastedPath(
  { text, name: typed }: { text: string; name: string },
  number: number,
  ending: PastedEnding,
): string {
  const front = FRONT_MATTER.exec(text.trim())?.[1] ?? ''
  const name = OWN_NAME.exec(front)?.[1] ?? typed
  const plain = name.trim().replaceAll(/[/\\:*?"<>|]+/g, '-')
  return `${plain === '' ? `pasted-${number}` : plain}${ending}`
}
