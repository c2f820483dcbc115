import type { ErrorDetail } from '../errors.ts'
import { cutText } from '../text.ts'
import { FILTERS_ELSEWHERE, NO_FILTERS } from './dialects/known-names.ts'
import { nearest } from './dialects/nearest.ts'
import { type Fault, fault } from './fault.ts'
import { FILTER_NAMES, findFilter } from './filters.ts'
import type { Json } from './json.ts'
import { isLiteral, readValue } from './operand.ts'
import type { Reader } from './reader.ts'
import {
  type Expression,
  type FilterCall,
  OPERATORS,
  type Operand,
  type Operator,
  type Span,
} from './syntax.ts'

/** Problems that do not stop the parse, in the offsets of the text; the field's path is added later. */
export type Report = (code: string, message: string, start: number, end: number, hint?: string) => void
export type Found = Omit<ErrorDetail, 'path'>

/** Operators bind the tighter the higher; those that bind alike are read from right to left. */
const PRECEDENCE: ReadonlyMap<string, number> = new Map(
  OPERATORS.map((operator) => [
    operator,
    operator === 'and' || operator === 'or' ? 0 : operator === 'not' ? 1 : 2,
  ]),
)

/** Operands and operators as they are written. */
interface Terms {
  terms: (Operand | Operator)[]
  /** Where each of them stands. */
  spans: Span[]
}

/** Reads `value | filter: …` up to the end of the tag. */
export function readExpression(reader: Reader, report: Report): Expression {
  const start = reader.position
  if (!reader.next) throw fault('missing_value', 'A value is expected here', start - 1, reader.limit + 1)
  const read = readTerms(reader)
  const noted = reader.takeNoted()
  const filters = readFilters(reader)
  expectEnd(reader)
  if (noted) throw noted
  const { limit: end } = reader
  const postfix = toPostfix(read.terms)
  checkArity(postfix, read, reader, start)
  const [first] = postfix
  return {
    postfix,
    single: postfix.length === 1 && typeof first === 'object' ? first : undefined,
    filters: filters.map((filter) => checkFilter(filter, report)),
    lenient: filters[0]?.call.name === 'default',
    start,
    end,
  }
}

const PLAIN_PATH = /[A-Za-z]\w*(?:\.[A-Za-z]\w*)*/y

/** Reads `{{ name }}` or `{{ name.member }}`, the usual output, without tokens; else undefined. */
export function readPlainPath(text: string, [start, end]: [number, number]): Expression | undefined {
  PLAIN_PATH.lastIndex = start
  if (!PLAIN_PATH.test(text) || PLAIN_PATH.lastIndex !== end) return undefined
  const [root = '', ...members] = text.slice(start, end).split('.')
  if (isLiteral(root) || PRECEDENCE.has(root)) return undefined
  const keys = members.map((value): Operand => ({ op: 'const', value }))
  const single: Operand = { op: 'path', root, base: undefined, keys, start, end }
  return { postfix: [single], single, filters: [], lenient: false, start, end }
}

/** Refuses whatever is left in a tag: it would be ignored otherwise. */
export function expectEnd(reader: Reader): void {
  if (!reader.next) return
  const { position, limit } = reader
  const left = reader.text.slice(position, limit).trim()
  throw fault('unexpected_text', `Not expected here: ${left}`, position, limit)
}

function readTerms(reader: Reader): Terms {
  const read: Terms = { terms: [], spans: [] }
  for (;;) {
    const start = reader.position
    const term = readOperator(reader) ?? readValue(reader)
    if (term === undefined) break
    read.terms.push(term)
    read.spans.push({ start, end: reader.end })
  }
  if (read.terms.length > 0) return read
  throw reader.syntax(`Invalid value expression: ${reader.rest()}`)
}

function readOperator(reader: Reader): Operator | undefined {
  const token = reader.next
  if (token?.kind !== 'operator' && token?.kind !== 'word') return undefined
  const operator = reader.slice(token)
  if (!PRECEDENCE.has(operator)) return undefined
  reader.take()
  return operator as Operator
}

function toPostfix(terms: (Operand | Operator)[]): (Operand | Operator)[] {
  if (terms.length === 1) return terms
  const postfix: (Operand | Operator)[] = []
  const waiting: Operator[] = []
  for (const term of terms) {
    if (typeof term === 'object') {
      postfix.push(term)
      continue
    }
    const precedence = PRECEDENCE.get(term) as number
    while ((PRECEDENCE.get(waiting.at(-1) ?? '') ?? -1) > precedence) postfix.push(waiting.pop() as Operator)
    waiting.push(term)
  }
  return [...postfix, ...waiting.toReversed()]
}

function checkArity(postfix: (Operand | Operator)[], read: Terms, reader: Reader, start: number): void {
  let depth = 0
  for (const term of postfix) {
    if (typeof term === 'object') depth++
    else if (term === 'not') depth -= depth < 1 ? Number.POSITIVE_INFINITY : 0
    else depth -= depth < 2 ? Number.POSITIVE_INFINITY : 1
  }
  if (depth === 1) return
  const message = lackOf(read, reader) ?? 'The expression lacks a value'
  throw fault('incomplete_expression', message, start, reader.limit)
}

/** Which two values stand side by side with nothing between them. */
function lackOf({ terms, spans }: Terms, reader: Reader): string | undefined {
  const at = terms.findIndex(
    (term, index) => typeof term === 'object' && typeof terms[index + 1] === 'object',
  )
  const [left, right] = [spans[at], spans[at + 1]]
  if (!left || !right) return undefined
  const shown = (span: Span) => cutText(reader.slice(span), 60)
  return `An operator or "|" is expected between ${shown(left)} and ${shown(right)}`
}

/** A filter as it is written, and what is wrong with its arguments. */
interface WrittenFilter {
  call: FilterCall
  fault: Fault | undefined
}

const unknownFilter = (input: Json): Json => input

function readFilters(reader: Reader): WrittenFilter[] {
  const filters: WrittenFilter[] = []
  while (reader.next && !reader.is(')') && !reader.is(',')) filters.push(readFilter(reader))
  return filters
}

function readFilter(reader: Reader): WrittenFilter {
  if (!reader.accept('|')) throw reader.syntax('Expected "|" before filter', reader.position + 1)
  const { text: name, start } = reader.identifier()
  if (name === '') {
    if (reader.next) throw reader.syntax('Expected filter name')
    const { limit } = reader
    throw fault('syntax', 'The name of a filter is expected after "|"', limit - 1, limit)
  }
  const call: FilterCall = { name, run: unknownFilter, args: [], named: [], start, end: start }
  const lack = reader.is(':') ? readArguments(reader, call) : undefined
  if (!isFilterOver(reader)) throw reader.syntax('Expected ":" after filter name')
  call.end = reader.position
  const noted = reader.takeNoted()
  return { call, fault: lack ? fault('missing_value', lack, start, call.end) : noted }
}

function isFilterOver(reader: Reader): boolean {
  return !reader.next || reader.is('|') || reader.is(')') || reader.is(',')
}

/** @returns which value is missing */
function readArguments(reader: Reader, call: FilterCall): string | undefined {
  let lack: string | undefined
  do {
    reader.take()
    // Others move the next argument to the place of one that is missing.
    if (reader.is(',')) lack ??= 'A value is expected before ","'
    const key = readArgument(reader, call)
    if (key !== undefined) lack ??= `A value is expected ${reader.is(',') ? 'before ","' : `behind ${key}:`}`
    if (!isFilterOver(reader)) throw reader.syntax(`Unexpected character ${reader.rest()}`)
  } while (reader.is(','))
  return lack
}

/** @returns the name that no value follows */
function readArgument(reader: Reader, call: FilterCall): string | undefined {
  const start = reader.position
  const value = readValue(reader)
  if (value === undefined) return undefined
  if (!reader.is(':')) {
    call.args.push(value)
    return undefined
  }
  const name = reader.text.slice(start, reader.end)
  reader.take()
  const named = readValue(reader)
  if (named === undefined) return name
  call.named.push([name, named])
  return undefined
}

/** What an unknown filter is here, or the nearest one, and the list. */
function filterHint(name: string): string {
  const word = name.toLowerCase()
  const filter = FILTERS_ELSEWHERE.get(word) ?? nearest(word, FILTER_NAMES)
  const advice = NO_FILTERS.get(word) ?? (filter && `Did you mean ${filter}?`)
  return `${advice ? `${advice.replace(/(?<![?])$/, '.')} ` : ''}The filters are: ${FILTER_NAMES.join(', ')}`
}

function checkFilter({ call, fault: found }: WrittenFilter, report: Report): FilterCall {
  if (found) throw found
  const { name, start, end } = call
  const filter = findFilter(name)
  if (!filter) {
    report('unknown_filter', `There is no filter "${name}"`, start, start + name.length, filterHint(name))
    return call
  }
  const [least, most] = filter.args
  if (call.args.length < least || call.args.length > most) {
    const count = least === most ? String(least) : `${least} to ${most}`
    report('filter_arguments', `The filter "${name}" takes ${count} arguments`, start, end)
  }
  const odd = call.named.find(([key]) => !filter.named.includes(key))
  if (odd) report('filter_arguments', `The filter "${name}" has no argument "${odd[0]}"`, start, end)
  call.run = filter.run
  return call
}
