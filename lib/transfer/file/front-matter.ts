import { Document, isMap, isScalar, LineCounter, visit } from 'yaml'
import type { Json } from '../../liquid/json.ts'
import { parseYaml } from './parse-yaml.ts'
import { FIELDS, PromptFileError } from './prompt-file.ts'

/** The two parts of a file. */
export interface FileParts {
  fields: Record<string, Json>
  /** Line of a field of the front matter. */
  lineOf: (field: string) => number
  /** Everything after the front matter. */
  body: string
  /** Line on which the body begins. */
  bodyLine: number
}

const CLOSING = /^---[ \t]*$/

/** Blank lines that stand before the first one of dashes. */
const BEFORE = /^(?:[ \t]*\n)*(?=---)/

/**
 * Takes a text apart into its front matter and the rest; undefined when it has no front matter. A file whose first
 * line ends with CR was changed on its way: all its lines are read with LF.
 * @throws PromptFileError for a front matter that has no end or is no YAML mapping
 */
export function splitFile(file: string): FileParts | undefined {
  const whole = file.startsWith('\uFEFF') ? file.slice(1) : file
  const [, lineEnd] = /^[^\n\r]*(\r\n?)/.exec(whole) ?? []
  const text = lineEnd === undefined ? whole : whole.replaceAll(lineEnd, '\n')
  const before = BEFORE.exec(text)?.[0] ?? ''
  if (!/^---[ \t]*(?:\n|$)/.test(text.slice(before.length))) return undefined
  const start = text.indexOf('\n', before.length) + 1
  const opening = before.split('\n').length
  let line = opening + 1
  let at = start
  while (at > 0 && at <= text.length) {
    const end = text.indexOf('\n', at)
    const stop = end === -1 ? text.length : end
    if (CLOSING.test(text.slice(at, stop)))
      return {
        ...readFields(text.slice(start, at), opening),
        body: end === -1 ? '' : text.slice(end + 1),
        bodyLine: line + 1,
      }
    if (end === -1) break
    at = end + 1
    line++
  }
  throw new PromptFileError(opening, 'The front matter has no end: write a line "---" after it')
}

/** @param before lines of the file before the YAML */
function readFields(yaml: string, before: number): Pick<FileParts, 'fields' | 'lineOf'> {
  const counter = new LineCounter()
  const document = parse(yaml, counter, before)
  const [error] = document.errors
  if (error !== undefined)
    throw new PromptFileError(
      counter.linePos(error.pos[0]).line + before,
      `The front matter is no YAML: ${firstLine(error.message)}`,
    )
  if (document.contents !== null && !isMap(document.contents))
    throw new PromptFileError(before + 1, 'The front matter is a list of fields such as "name: greeting"')
  const lines = new Map<string, number>()
  if (isMap(document.contents))
    for (const { key } of document.contents.items)
      if (isScalar(key)) lines.set(String(key.value), counter.linePos(key.range?.[0] ?? 0).line + before)
  return { fields: plainFields(document, before), lineOf: (field) => lines.get(field) ?? before }
}

function parse(yaml: string, lineCounter: LineCounter, before: number) {
  try {
    return parseYaml(yaml, { lineCounter, strict: true, logLevel: 'silent' })
  } catch {
    // It recurses: a text of nothing but brackets is deeper than the stack.
    throw new PromptFileError(before + 1, 'The front matter is nested too deeply')
  }
}

function plainFields(document: Document.Parsed, before: number): Record<string, Json> {
  try {
    const value: unknown = document.toJS({ maxAliasCount: 20 })
    // YAML has values that JSON has not, such as NaN; they come out as null.
    const plain: Json = JSON.parse(JSON.stringify(value ?? {}))
    return plain as Record<string, Json>
  } catch {
    throw new PromptFileError(before + 1, 'The front matter repeats itself by aliases too often')
  }
}

function firstLine(message: string): string {
  return message.split('\n')[0] ?? ''
}

/** What a block of YAML would not keep: spaces at the ends of lines, and signs that are no letters. */
const UNSAFE = /^\s|\s$|[ \t]\n|[^\P{C}\n]|[\u2028\u2029]/u

/** The front matter of fields that are there, in their order, with the lines around it. */
export function writeFields(fields: Partial<Record<(typeof FIELDS)[number], unknown>>): string {
  const said = FIELDS.flatMap((key) => (fields[key] === undefined ? [] : [[key, fields[key]] as const]))
  const document = new Document(Object.fromEntries(said), { aliasDuplicateObjects: false })
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === 'string' && UNSAFE.test(node.value)) node.type = 'QUOTE_DOUBLE'
    },
  })
  return `---\n${document.toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER })}---\n`
}
