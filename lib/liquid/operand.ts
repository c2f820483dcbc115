import { cutText } from '../text.ts'
import { fault } from './fault.ts'
import { isClosed, stringContent, type Token } from './lexer.ts'
import { isVariableName, VARIABLE_NAME_RULE } from './name-rules.ts'
import type { Reader } from './reader.ts'
import type { Constant, Operand } from './syntax.ts'
import { textProblem } from './text.ts'
import { BLANK, EMPTY, type Value } from './value.ts'

const LITERALS: Readonly<Record<string, Value>> = {
  true: true,
  false: false,
  nil: null,
  null: null,
  empty: EMPTY,
  blank: BLANK,
}

export function isLiteral(word: string): boolean {
  return Object.hasOwn(LITERALS, word)
}

/** Reads a value with its members, if one stands next. What is wrong with it is noted. */
export function readValue(reader: Reader): Operand | undefined {
  const start = reader.position
  const base = readBase(reader)
  const keys: Operand[] = []
  let root = ''
  const isList = base === undefined && reader.is('[')
  if (isList) keys.push(readBrackets(reader, true))
  else if (base === undefined) {
    root = readWord(reader) ?? (reader.is('.') ? readMember(reader, false) : '')
    if (root === '') return undefined
  }
  readMembers(reader, keys, base === undefined)
  const { end } = reader
  if (base !== undefined && keys.length === 0) return base
  // Elsewhere this is a list; a variable is named without brackets.
  if (isList) reader.note(fault('dynamic_name', 'A variable must be named directly', start, end))
  return { op: 'path', root, base, keys, start, end }
}

/** Reads what stands for itself: a literal, a text, a number or a range. */
function readBase(reader: Reader): Operand | undefined {
  const token = reader.next
  if (token?.kind === 'string') return readString(reader, token)
  if (token?.kind === 'number') {
    reader.take()
    return { op: 'const', value: Number(reader.slice(token)) }
  }
  if (token?.kind !== 'word') return reader.is('(') ? readRange(reader) : undefined
  const word = reader.slice(token)
  if (!isLiteral(word)) return undefined
  reader.take()
  return { op: 'const', value: LITERALS[word] }
}

function readString(reader: Reader, token: Token): Constant {
  reader.take()
  const { start, end } = token
  const value = stringContent(reader.text, token)
  if (!isClosed(reader.text, token)) reader.note(fault('open_string', 'The quote is not closed', start, end))
  // An escape such as \u0000 can name what no text may hold.
  const problem = textProblem(value)
  if (problem) reader.note(fault(problem.code, problem.message, start, end))
  return { op: 'const', value }
}

function readRange(reader: Reader): Operand {
  const start = reader.position
  reader.take()
  const from = readBound(reader)
  if (reader.next?.kind !== 'range') throw reader.syntax('Invalid range syntax')
  reader.take()
  const to = readBound(reader)
  if (!reader.accept(')')) throw reader.syntax('Invalid range syntax', reader.position + 1)
  return { op: 'range', from, to, start, end: reader.end }
}

function readBound(reader: Reader): Operand {
  const value = readValue(reader)
  if (value === undefined) throw reader.syntax(`Unexpected token ${reader.rest()}, value expected`)
  return value
}

function readWord(reader: Reader): string | undefined {
  const token = reader.next
  if (token?.kind !== 'word') return undefined
  reader.take()
  return reader.slice(token)
}

/** Reads the members of a value: `.name`, `["name"]`, `[0]`. */
function readMembers(reader: Reader, keys: Operand[], isNamed: boolean): void {
  for (;;) {
    if (reader.touches('[')) keys.push(readBrackets(reader, false))
    else if (reader.touches('.')) {
      const value = readMember(reader, isNamed || keys.length > 0)
      if (value === '') return
      keys.push({ op: 'const', value })
    } else return
  }
}

/**
 * Reads a dot and the name behind it, which is empty where none stands. Such a dot is passed over as in every Liquid,
 * but for one that ends the path of a variable.
 */
function readMember(reader: Reader, isPath: boolean): string {
  reader.take()
  const { end } = reader
  const name = readWord(reader)
  if (name !== undefined) return name
  if (isPath && reader.position === end)
    reader.note(fault('missing_value', 'A member is expected here', end - 1, end))
  reader.end = reader.position
  return ''
}

/** @param isList nothing stands before the brackets, so that they are refused as a whole */
function readBrackets(reader: Reader, isList: boolean): Operand {
  reader.take()
  const value = readValue(reader)
  const at = value ? reader.end : reader.position
  if (reader.accept(']')) {
    if (value) return value
  } else {
    const close = reader.text.indexOf(']', at)
    if (close < 0 || close >= reader.limit) throw reader.syntax('[ not closed', reader.limit)
    if (value) {
      const left = cutText(reader.text.slice(at, close).trim(), 60)
      reader.note(fault('unexpected_text', `Not expected in brackets: ${left}`, at, close))
    }
    reader.skipTo(close + 1)
  }
  if (value) return value
  if (!isList) reader.note(fault('missing_value', 'A member is expected here', at - 1, at + 1))
  return { op: 'const', value: null }
}

/** Reads one value, and nothing else will do. */
export function readOperand(reader: Reader): Operand {
  const start = reader.position
  const value = readValue(reader)
  if (!value)
    throw fault('missing_value', 'A value is expected here', start, Math.max(start + 1, reader.limit))
  const noted = reader.takeNoted()
  if (noted) throw noted
  return value
}

/** Reads the name of a variable. */
export function readName(reader: Reader, what: string): string {
  const { text, start, end } = reader.identifier()
  if (isVariableName(text)) return text
  throw fault('invalid_name', `${what} is ${VARIABLE_NAME_RULE}`, start, Math.max(end, start + 1))
}

/** Reads one given word. */
export function expectWord(reader: Reader, word: string): void {
  const { text, start, end } = reader.identifier()
  if (text === word) return
  throw fault('syntax', `"${word}" is expected here`, start, Math.max(end, start + 1))
}
