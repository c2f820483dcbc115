import type { SourceNote } from '../../source.ts'
import { type Data, type ReadData, readYaml } from './document.ts'
import { type Fields, fieldsOf, isFields } from './values.ts'

/** A text with data at its head. */
export interface HeadedText {
  /** Undefined: it has none. */
  head: ReadData | undefined
  body: string
  /** Lines of the file before the body. */
  bodyOffset: number
}

const OPEN = /^(?:[ \t]*\n)*---[ \t]*\n/
const CLOSE = /^---[ \t]*$/m

/** Takes YAML between two lines of dashes off the head of a text with LF alone. */
export function splitHead(text: string): HeadedText {
  const open = OPEN.exec(text)
  if (open === null) return { head: undefined, body: text, bodyOffset: 0 }
  const rest = text.slice(open[0].length)
  const close = CLOSE.exec(rest)
  if (close === null) return { head: undefined, body: text, bodyOffset: 0 }
  const yaml = rest.slice(0, close.index)
  const bodyAt = open[0].length + close.index + close[0].length + 1
  const before = text.slice(0, bodyAt)
  return {
    head: readYaml(yaml, linesIn(open[0])),
    body: text.slice(bodyAt),
    bodyOffset: linesIn(before),
  }
}

function linesIn(text: string): number {
  return text.split('\n').length - 1
}

/** The data of a head that is surely one: fields, or nothing at all. */
function headFields(head: ReadData | undefined): Data | undefined {
  if (head === undefined || 'fault' in head) return undefined
  return isFields(head.value) || head.value === null ? head : undefined
}

/**
 * Data of a head whose YAML is broken, as many tools still read it: a line for each field. Undefined when a line is
 * anything else.
 */
function plainHead(text: string): Record<string, string> | undefined {
  const close = /\n---[ \t]*(?:\n|$)/.exec(text)
  if (!OPEN.test(text) || close === null) return undefined
  const lines = text.slice(0, close.index).replace(OPEN, '').split('\n')
  const fields: Record<string, string> = {}
  let last: string | undefined
  for (const line of lines) {
    const [, key, value = ''] = /^([A-Za-z][\w.-]{0,60})[ \t]*:[ \t]*(.*)$/.exec(line) ?? []
    if (key !== undefined) {
      fields[key] = value.replace(/^[|>][-+]?$/, '').replace(/^(["'])(.*)\1$/, '$2')
      last = key
    } else if (/^\s/.test(line) && last !== undefined) fields[last] = `${fields[last]} ${line.trim()}`.trim()
    else if (line.trim() !== '' && !line.startsWith('#') && !line.startsWith('-')) return undefined
  }
  return last === undefined ? undefined : fields
}

/** What is to be said of fields that begin and do not end. */
function openHead(text: string): SourceNote[] {
  const open = OPEN.exec(text)
  if (open === null || CLOSE.test(text.slice(open[0].length))) return []
  if (!/^[A-Za-z][\w.-]{0,60}[ \t]*:/.test(text.slice(open[0].length))) return []
  const line = linesIn(open[0])
  return [{ line, message: 'Its front matter has no end, a line "---": all of it is read as the text' }]
}

/** The fields of a head, read as strictly as it allows. */
export interface ReadHead {
  fields: Fields
  body: string
  bodyOffset: number
  /** What is wrong with its YAML. */
  notes: SourceNote[]
}

/** Takes the head off a Markdown text, where it has one; a rule of dashes is none. */
export function readHead(text: string): ReadHead {
  const { head, body, bodyOffset } = splitHead(text)
  const whole = { fields: {}, body: text, bodyOffset: 0, notes: openHead(text) }
  if (head === undefined) return whole
  const data = headFields(head)
  if (data !== undefined) return { fields: fieldsOf(data.value), body, bodyOffset, notes: [] }
  const plain = 'fault' in head ? plainHead(text) : undefined
  if (plain === undefined || !('fault' in head)) return whole
  const { line, message } = head.fault
  return {
    fields: plain,
    body,
    bodyOffset,
    notes: [
      { ...(line === undefined ? {} : { line }), message: `${message}. Its fields are read line by line` },
    ],
  }
}
