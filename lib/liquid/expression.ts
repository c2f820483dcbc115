import { type PropertyAccessToken, type Token, type Tokenizer, TypeGuards } from 'liquidjs'
import type { ErrorDetail } from '../errors.ts'
import { cutText } from '../text.ts'
import { FILTERS_ELSEWHERE, NO_FILTERS } from './dialects/known-names.ts'
import { nearest } from './dialects/nearest.ts'
import { fault } from './fault.ts'
import { FILTER_NAMES, findFilter } from './filters.ts'
import type { Json } from './json.ts'
import { type Expression, type FilterCall, OPERATORS, type Operand, type Operator } from './syntax.ts'
import { textProblem } from './text.ts'
import { BLANK, EMPTY, type Value } from './value.ts'

type FilteredValue = ReturnType<Tokenizer['readFilteredValue']>
type FilterToken = FilteredValue['filters'][number]

/** Problems that do not stop the parse, in the offsets of the text; the field's path is added later. */
export type Report = (code: string, message: string, start: number, end: number, hint?: string) => void
export type Found = Omit<ErrorDetail, 'path'>

const LITERALS: Readonly<Record<string, Value>> = {
  true: true,
  false: false,
  nil: null,
  null: null,
  empty: EMPTY,
  blank: BLANK,
}
const OPERATOR_SET: ReadonlySet<string> = new Set(OPERATORS)

/** Reads `value | filter: …` up to the end of the tag. */
export function readExpression(tokenizer: Tokenizer, report: Report): Expression {
  tokenizer.skipBlank()
  const start = tokenizer.p
  if (tokenizer.end()) throw fault('missing_value', 'A value is expected here', start - 1, tokenizer.N + 1)
  const token = tokenizer.readFilteredValue()
  expectEnd(tokenizer)
  if (/\|\s*$/.test(tokenizer.input.slice(token.begin, tokenizer.N))) {
    throw fault('syntax', 'The name of a filter is expected after "|"', tokenizer.N - 1, tokenizer.N)
  }
  const postfix = token.initial.postfix.map(toTerm)
  checkArity(postfix, token.initial.postfix, token)
  const [first] = postfix
  return {
    postfix,
    single: postfix.length === 1 && typeof first === 'object' ? first : undefined,
    filters: token.filters.map((filter) => toFilter(filter, report)),
    lenient: token.filters[0]?.name === 'default',
    start: token.begin,
    end: token.end,
  }
}

const PLAIN_PATH = /[A-Za-z]\w*(?:\.[A-Za-z]\w*)*/y

/** Reads `{{ name }}` or `{{ name.member }}`, the usual output, without a tokenizer; else undefined. */
export function readPlainPath(text: string, [start, end]: [number, number]): Expression | undefined {
  PLAIN_PATH.lastIndex = start
  if (!PLAIN_PATH.test(text) || PLAIN_PATH.lastIndex !== end) return undefined
  const [root = '', ...members] = text.slice(start, end).split('.')
  if (Object.hasOwn(LITERALS, root) || OPERATOR_SET.has(root)) return undefined
  const keys = members.map((value): Operand => ({ op: 'const', value }))
  const single: Operand = { op: 'path', root, base: undefined, keys, start, end }
  return { postfix: [single], single, filters: [], lenient: false, start, end }
}

/** Refuses whatever is left in a tag: it would be ignored otherwise. */
export function expectEnd(tokenizer: Tokenizer): void {
  tokenizer.skipBlank()
  if (tokenizer.end()) return
  throw fault(
    'unexpected_text',
    `Not expected here: ${tokenizer.remaining().trim()}`,
    tokenizer.p,
    tokenizer.N,
  )
}

function toTerm(token: Token): Operand | Operator {
  if (!TypeGuards.isOperatorToken(token)) return toOperand(token)
  const operator = token.getText()
  if (OPERATOR_SET.has(operator)) return operator as Operator
  throw fault('unknown_operator', `There is no operator ${operator}`, token.begin, token.end)
}

function checkArity(postfix: (Operand | Operator)[], tokens: readonly Token[], whole: Token): void {
  let depth = 0
  for (const term of postfix) {
    if (typeof term === 'object') depth++
    else if (term === 'not') depth -= depth < 1 ? Number.POSITIVE_INFINITY : 0
    else depth -= depth < 2 ? Number.POSITIVE_INFINITY : 1
  }
  if (depth === 1) return
  const { begin, end } = whole
  throw fault('incomplete_expression', lackOf(tokens) ?? 'The expression lacks a value', begin, end)
}

/** Which two values stand side by side with nothing between them. */
function lackOf(tokens: readonly Token[]): string | undefined {
  const inOrder = tokens.toSorted((left, right) => left.begin - right.begin)
  const at = inOrder.findIndex((token, index) => {
    const next = inOrder[index + 1]
    return next && !TypeGuards.isOperatorToken(token) && !TypeGuards.isOperatorToken(next)
  })
  const [left, right] = [inOrder[at], inOrder[at + 1]]
  return left && right && `An operator or "|" is expected between ${shown(left)} and ${shown(right)}`
}

function shown(token: Token): string {
  return cutText(token.getText(), 60)
}

/** Turns a value of the tokenizer into ours. */
export function toOperand(token: Token): Operand {
  if (TypeGuards.isQuotedToken(token)) return { op: 'const', value: quoted(token) }
  if (TypeGuards.isNumberToken(token)) return { op: 'const', value: token.content }
  if (TypeGuards.isLiteralToken(token)) return { op: 'const', value: LITERALS[token.literal] }
  if (TypeGuards.isRangeToken(token)) {
    const { begin: start, end } = token
    return { op: 'range', from: toOperand(token.lhs), to: toOperand(token.rhs), start, end }
  }
  if (TypeGuards.isPropertyAccessToken(token)) return toPath(token)
  throw fault('unexpected_text', `Not expected here: ${token.getText()}`, token.begin, token.end)
}

function quoted(token: { begin: number; end: number; input: string; content: string }): string {
  const closed = token.end - token.begin >= 2 && token.input[token.end - 1] === token.input[token.begin]
  if (!closed) throw fault('open_string', 'The quote is not closed', token.begin, token.end)
  // An escape such as \u0000 can name what no text may hold.
  const problem = textProblem(token.content)
  if (problem) throw fault(problem.code, problem.message, token.begin, token.end)
  return token.content
}

function toPath(token: PropertyAccessToken): Path {
  refuseLeftovers(token)
  const { begin: start, end, input } = token
  // Elsewhere this is a list; a variable is named without brackets.
  if (!token.variable && input[start] === '[')
    throw fault('dynamic_name', 'A variable must be named directly', start, end)
  const keys = token.props.map(toKey)
  if (token.variable) return { op: 'path', root: '', base: toOperand(token.variable), keys, start, end }
  const first = keys.shift()
  if (first?.op !== 'const' || typeof first.value !== 'string' || first.value === '') {
    throw fault('dynamic_name', 'A variable must be named directly', start, end)
  }
  return { op: 'path', root: first.value, base: undefined, keys, start, end }
}
type Path = Extract<Operand, { op: 'path' }>

/** Refuses what the tokenizer drops: text behind the first value in brackets, and a dot with nothing behind it. */
function refuseLeftovers({ props, input, end }: PropertyAccessToken): void {
  for (const prop of props) {
    if (TypeGuards.isWordToken(prop)) continue
    const close = input.indexOf(']', prop.end)
    const left = input.slice(prop.end, close).trim()
    if (left !== '')
      throw fault('unexpected_text', `Not expected in brackets: ${cutText(left, 60)}`, prop.end, close)
  }
  if (input[end - 1] === '.') throw fault('missing_value', 'A member is expected here', end - 1, end)
}

function toKey(token: PropertyAccessToken['props'][number]): Operand {
  if (!TypeGuards.isWordToken(token)) return toOperand(token)
  if (token.content === '')
    throw fault('missing_value', 'A member is expected here', token.begin - 1, token.end + 1)
  return { op: 'const', value: token.content }
}

/** What an unknown filter is here, or the nearest one, and the list. */
function filterHint(name: string): string {
  const word = name.toLowerCase()
  const filter = FILTERS_ELSEWHERE.get(word) ?? nearest(word, FILTER_NAMES)
  const advice = NO_FILTERS.get(word) ?? (filter && `Did you mean ${filter}?`)
  return `${advice ? `${advice.replace(/(?<![?])$/, '.')} ` : ''}The filters are: ${FILTER_NAMES.join(', ')}`
}

/** Refuses commas with nothing before them: the tokenizer would move the next argument to that place. */
function refuseMissingArguments({ input, begin, end }: FilterToken): void {
  const unquoted = input.slice(begin, end).replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/g, '""')
  if (/[:,]\s*,/.test(unquoted)) throw fault('missing_value', 'A value is expected before ","', begin, end)
}

const unknownFilter = (input: Json): Json => input

function toFilter(token: FilterToken, report: Report): FilterCall {
  const { name, begin: start, end } = token
  const call: FilterCall = { name, run: unknownFilter, args: [], named: [], start, end }
  refuseMissingArguments(token)
  for (const arg of token.args) {
    if (!Array.isArray(arg)) call.args.push(toOperand(arg))
    else if (arg[1]) call.named.push([arg[0] ?? '', toOperand(arg[1])])
    else throw fault('missing_value', `A value is expected behind ${arg[0]}:`, start, end)
  }
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
