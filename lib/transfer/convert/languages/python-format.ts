import type { Reading } from '../reading.ts'
import { addText, type Expression, filter, member, type Node, type Tree, value } from '../tree.ts'

/** Reads `str.format` and the f-strings of prompt libraries, which are the same: `{name}`, `{{` for a brace. */
export function readPythonFormat(reading: Reading): Tree {
  const { text } = reading
  const nodes: Node[] = []
  let from = 0
  for (;;) {
    const at = nextBrace(text, from)
    if (at < 0) break
    addText(nodes, text.slice(from, at))
    if (text[at + 1] === text[at]) {
      addText(nodes, text.charAt(at))
      from = at + 2
      continue
    }
    const end = text[at] === '{' ? fieldEnd(text, at) : -1
    const read = end < 0 ? undefined : readField(reading, at, end)
    if (read) nodes.push({ is: 'output', value: read })
    else {
      reading.note(at, strayNote(text, at))
      addText(nodes, end < 0 ? text.charAt(at) : text.slice(at, end))
    }
    from = end < 0 ? at + 1 : end
  }
  addText(nodes, text.slice(from))
  return { nodes, truth: 'python' }
}

function nextBrace(text: string, from: number): number {
  for (let at = from; at < text.length; at++) if (text[at] === '{' || text[at] === '}') return at
  return -1
}

function strayNote(text: string, at: number): string {
  const seen = text.slice(at, at + 30).split('\n')[0]
  return `${seen} is no variable of a Python format and is kept as it is; a brace is written twice there`
}

/** A field is over within its line, and holds other braces in its format alone. */
function fieldEnd(text: string, open: number): number {
  let depth = 0
  const most = Math.min(text.length, open + LONGEST_FIELD)
  for (let at = open; at < most; at++) {
    const character = text[at]
    if (character === '\n') return -1
    if (character === '{') depth++
    else if (character === '}' && --depth === 0) return at + 1
  }
  return -1
}

const LONGEST_FIELD = 300
const FIELD =
  /^\s*([\p{L}_][\p{L}\p{N}_]*(?:[ -][\p{L}\p{N}_]+)*)((?:\.[\p{L}_][\p{L}\p{N}_]*|\[[^[\]{}]+\])*)\s*(?:!([rsa]))?(?::(.*))?$/u

function readField(reading: Reading, open: number, end: number): Expression | undefined {
  const found = FIELD.exec(reading.text.slice(open + 1, end - 1))
  if (!found) return undefined
  const [, name = '', members = '', conversion, format = ''] = found
  if (!isFormat(format)) return undefined
  let read: Expression = { is: 'variable', name, at: open }
  for (const [, attribute, item = ''] of members.matchAll(/\.([^.[]+)|\[([^\]]+)\]/g)) {
    read = member(read, attribute ?? (/^\d{1,9}$/.test(item) ? Number(item) : item))
  }
  if (conversion === 'r' || conversion === 'a') {
    reading.note(open, `{${name}!${conversion}} writes the value as Python would; here it is written as JSON`)
    return filter(read, 'json')
  }
  return formatted(reading, open, read, format)
}

const FORMAT = /^(?:.?[<>=^])?[+\- ]?z?#?0?\d*[_,]?(?:\.(\d+))?([bcdeEfFgGnosxX%])?$/u

function isFormat(format: string): boolean {
  return format.length < 20 && (FORMAT.test(format) || /^[^{}]*\{\w*\}[^{}]*$/.test(format))
}

/** The part of a format that can be said: decimals, percent, the first letters. */
function formatted(reading: Reading, at: number, read: Expression, format: string): Expression {
  const [all = '', digits, kind = ''] = FORMAT.exec(format) ?? []
  const isPlain = /^(?:\.\d+)?[a-zA-Z%]?$/.test(all) && all === format
  if (!isPlain)
    reading.note(at, `The format ":${format}" pads, signs or groups, which nothing does here: it is left out`)
  if (digits !== undefined && (kind === '' || kind === 's'))
    return filter(read, 'slice', value(0), value(Number(digits)))
  if (kind !== 'f' && kind !== 'F' && kind !== '%') return read
  const places = Math.min(20, Number(digits ?? 6))
  reading.note(at, `":${format}" fills up with zeros; here a number is rounded, without zeros at its end`)
  if (kind !== '%') return filter(read, 'round', value(places))
  return filter(filter(filter(read, 'times', value(100)), 'round', value(places)), 'append', value('%'))
}
