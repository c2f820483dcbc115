import { type ArgumentReader, readInside } from './arguments.ts'

/** Text between braces. */
export interface TextMark {
  mark: 'text'
  text: string
}
/** A pair of braces. */
export interface BraceMark {
  mark: 'braces'
  kind:
    | 'output'
    | 'open'
    | 'decorator'
    | 'inverse'
    | 'else'
    | 'close'
    | 'partial'
    | 'partialBlock'
    | 'comment'
  at: number
  end: number
  /** `~` behind the opening and before the closing braces. */
  strip: { open: boolean; close: boolean }
  inside: ArgumentReader
  text: string
}
export type Mark = TextMark | BraceMark

/** What follows the opening braces, and what it makes of them; the longer ones first. */
const OPENINGS: readonly [RegExp, BraceMark['kind']][] = [
  [/\{\{(~)?#>/y, 'partialBlock'],
  [/\{\{(~)?>/y, 'partial'],
  [/\{\{(~)?#\*/y, 'decorator'],
  [/\{\{(~)?#/y, 'open'],
  [/\{\{(~)?\//y, 'close'],
  [/\{\{(~)?\^(?=\s*~?\}\})/y, 'else'],
  [/\{\{(~)?\s*else(?=\s*~?\}\})/y, 'else'],
  [/\{\{(~)?\^/y, 'inverse'],
  [/\{\{(~)?\s*else\b/y, 'inverse'],
  [/\{\{(~)?\{/y, 'output'],
  [/\{\{(~)?&?/y, 'output'],
]

/**
 * Splits a template of Handlebars at its braces. What is in braces and cannot be read is text.
 * @param stray hears of it, with its offset
 */
export function scan(text: string, stray: (at: number) => void): Mark[] {
  const marks: Mark[] = []
  // What is not found once is nowhere further on.
  const missing = new Set<string>()
  let from = 0
  let at = text.indexOf('{{')
  while (at >= 0) {
    const slashes = text[at - 1] === '\\' && at > from ? (text[at - 2] === '\\' && at - 1 > from ? 2 : 1) : 0
    marks.push({ mark: 'text', text: text.slice(from, slashes > 0 ? at - 1 : at) })
    if (slashes === 1) {
      from = at
      at = text.indexOf('{{', at + 2)
      // What is escaped is over where the next braces, or their escape, begin.
      const end = at < 0 ? text.length : beforeSlashes(text, at, from + 2)
      marks.push({ mark: 'text', text: text.slice(from, end) })
      from = end
      continue
    }
    const mark = text.startsWith('{{{{', at) ? rawAt(text, at, missing) : markAt(text, at, missing)
    if (mark) {
      marks.push(mark)
      from = mark.mark === 'braces' ? mark.end : at + mark.length
    } else {
      stray(at)
      const end = text.indexOf('}}', at)
      from = end < 0 ? text.length : end + 2
      marks.push({ mark: 'text', text: text.slice(at, from) })
    }
    at = text.indexOf('{{', from)
  }
  marks.push({ mark: 'text', text: text.slice(from) })
  return marks.filter((mark) => mark.mark !== 'text' || mark.text !== '')
}

function beforeSlashes(text: string, at: number, least: number): number {
  let from = at
  while (from > least && from > at - 2 && text[from - 1] === '\\') from--
  return from
}

/** `{{{{raw}}}} … {{{{/raw}}}}`: its content is text. */
function rawAt(text: string, at: number, missing: Set<string>): (TextMark & { length: number }) | undefined {
  const open = /\{\{\{\{\s*([\w-]+)[^{}]*\}\}\}\}/y
  open.lastIndex = at
  const found = open.exec(text)
  if (!found || missing.size > MOST_MISSING) return undefined
  const closing = `{{{{/${found[1]}}}}}`
  const close = missing.has(closing) ? -1 : text.indexOf(closing, open.lastIndex)
  if (close < 0) missing.add(closing)
  if (close < 0) return undefined
  return { mark: 'text', text: text.slice(open.lastIndex, close), length: close + closing.length - at }
}

/** Raw blocks that are not closed: a text with more of them is none of Handlebars. */
const MOST_MISSING = 50

function markAt(text: string, at: number, missing: Set<string>): BraceMark | undefined {
  const comment = commentAt(text, at, missing)
  if (comment) return comment
  for (const [pattern, kind] of OPENINGS) {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (!found) continue
    const isTriple = found[0].endsWith('{') && found[0].length > 2
    const inside = readInside(text, pattern.lastIndex, isTriple)
    if (!inside) return undefined
    const strip = { open: found[1] === '~', close: inside.isStripped }
    return { mark: 'braces', kind, at, end: inside.end, strip, inside: inside.reader, text: '' }
  }
  return undefined
}

function commentAt(text: string, at: number, missing: Set<string>): BraceMark | undefined {
  const open = /\{\{(~)?!(--)?/y
  open.lastIndex = at
  const found = open.exec(text)
  if (!found) return undefined
  const close = found[2] === '--' ? /--(~)?\}\}/g : /\}\}/g
  close.lastIndex = open.lastIndex
  const end = missing.has(close.source) ? null : close.exec(text)
  if (!end) {
    missing.add(close.source)
    return undefined
  }
  const inside = text.slice(open.lastIndex, end.index)
  const isStripped = end[1] === '~' || (found[2] === undefined && inside.endsWith('~'))
  const strip = { open: found[1] === '~', close: isStripped }
  const said = found[2] === undefined && isStripped ? inside.slice(0, -1) : inside
  const none = readInside('}}', 0, false) as { reader: ArgumentReader }
  return { mark: 'braces', kind: 'comment', at, end: close.lastIndex, strip, inside: none.reader, text: said }
}
