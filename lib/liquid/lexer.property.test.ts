import fc from 'fast-check'
import { type Token, Tokenizer, TypeGuards } from 'liquidjs'
import { describe, expect, it } from 'vitest'
import { readExpression } from './expression.ts'
import { isFault } from './fault.ts'
import { Reader } from './reader.ts'
import type { Operand } from './syntax.ts'

/* What an expression says, as plain data: ours, and what the tokenizer of liquidjs reads. */

const ours = (operand: Operand): unknown => {
  if (operand.op === 'const') return typeof operand.value === 'symbol' ? {} : operand.value
  if (operand.op === 'range') return { from: ours(operand.from), to: ours(operand.to) }
  const base = operand.base ? [ours(operand.base)] : [operand.root]
  return { path: [...base, ...operand.keys.map(ours)] }
}

const LITERALS: Readonly<Record<string, unknown>> = { true: true, false: false, nil: null, null: null }

const theirs = (token: Token): unknown => {
  if (TypeGuards.isQuotedToken(token) || TypeGuards.isNumberToken(token)) return token.content
  if (TypeGuards.isLiteralToken(token))
    return LITERALS[token.literal] === undefined ? {} : LITERALS[token.literal]
  if (TypeGuards.isRangeToken(token)) return { from: theirs(token.lhs), to: theirs(token.rhs) }
  if (!TypeGuards.isPropertyAccessToken(token)) return token.getText()
  const keys = token.props.map((prop) => (TypeGuards.isWordToken(prop) ? prop.content : theirs(prop)))
  return { path: token.variable ? [theirs(token.variable), ...keys] : keys }
}

/** What is read, or the code of what is wrong. */
function readOurs(text: string) {
  try {
    const { postfix, filters } = readExpression(new Reader(text, [0, text.length]), () => undefined)
    const said = {
      postfix: postfix.map((term) => (typeof term === 'string' ? term : ours(term))),
      filters: filters.map(({ name, args, named }) => [
        name,
        args.map(ours),
        named.map(([key, arg]) => [key, ours(arg)]),
      ]),
    }
    return { said }
  } catch (error) {
    if (isFault(error)) return { code: error.code }
    throw error
  }
}

/** Undefined where the tokenizer refuses, or leaves something. */
function readTheirs(text: string) {
  const tokenizer = new Tokenizer(text)
  try {
    const { initial, filters } = tokenizer.readFilteredValue()
    tokenizer.skipBlank()
    if (!tokenizer.end()) return undefined
    return {
      postfix: initial.postfix.map((term) => theirs(term)),
      filters: filters.map(({ name, args }) => [
        name,
        args.flatMap((arg) => (Array.isArray(arg) ? [] : [theirs(arg)])),
        args.flatMap((arg) => (Array.isArray(arg) ? [[arg[0], arg[1] && theirs(arg[1])]] : [])),
      ]),
    }
  } catch {
    return undefined
  }
}

const word = fc.constantFrom('a', 'b_1', 'x-y', 'n?', 'größe', 'order', 'nothing', 'a1')
const quoted = fc.constantFrom('"s"', "'t'", '"a\\"b"', '"}}"', '"\\u0041\\n\\101\\q"', '"|"', '""')
const number = fc.constantFrom('0', '-1', '+2', '1.5', '-0.25', '10')
const literal = fc.constantFrom('true', 'false', 'nil', 'null', 'empty', 'blank')
const blank = fc.constantFrom('', ' ', '  ', '\n', '\u00a0')
const key = fc.oneof(
  word.map((name) => `.${name}`),
  fc.constantFrom('.1', '. size', '[0]', '["k"]', '[ -1 ]'),
  word.map((name) => `[${name}.b]`),
)
const path = fc.tuple(word, fc.array(key, { maxLength: 3 })).map(([name, keys]) => name + keys.join(''))
const bound = fc.oneof(path, number)
const range = fc
  .tuple(bound, blank, blank, bound)
  .map(([from, left, right, to]) => `(${from}${left}..${right}${to})`)
const value = fc.oneof(path, path, quoted, number, literal, range)
const operator = fc.constantFrom(
  ' == ',
  '!=',
  ' <',
  '> ',
  '>=',
  ' <= ',
  ' contains ',
  ' and ',
  ' or ',
  '\nor ',
)
const argument = fc.oneof(
  value,
  fc.tuple(word, blank, value).map(([name, space, given]) => `${name}:${space}${given}`),
)
const filter = fc
  .tuple(blank, word, fc.array(argument, { maxLength: 3 }))
  .map(
    ([space, name, args]) =>
      `${space}|${space}${name}${args.length > 0 ? `:${space}` : ''}${args.join(`${space},`)}`,
  )
const expression = fc
  .tuple(value, fc.array(fc.tuple(operator, value), { maxLength: 3 }), fc.array(filter, { maxLength: 3 }))
  .map(([first, more, filters]) => first + more.flat().join('') + filters.join(''))

describe('in agreement with the tokenizer of liquidjs', () => {
  it('reads what it reads in an expression that is right', () => {
    fc.assert(
      fc.property(expression, (text) => {
        expect(readOurs(text)).toEqual({ said: readTheirs(text) })
      }),
      { numRuns: 2_000 },
    )
  })

  it('takes nothing that it refuses, and reads alike what both take', () => {
    const sign = fc.constantFrom(
      ...'.,:|()[]=<>!"\'?-+1# '.split(''),
      ' not ',
      ' and ',
      ' a',
      '..',
      '[0',
      '{',
    )
    const broken = fc
      .tuple(expression, fc.array(fc.tuple(fc.nat(), sign, fc.boolean()), { minLength: 1, maxLength: 3 }))
      .map(([text, changes]) =>
        changes.reduce((made, [at, insert, isRemoved]) => {
          const place = at % (made.length + 1)
          return made.slice(0, place) + (isRemoved ? '' : insert) + made.slice(place + 1)
        }, text),
      )
      .map((text) => text.trim())
      .filter((text) => text !== '' && !text.startsWith('-') && !text.endsWith('-'))
    fc.assert(
      fc.property(broken, (text) => {
        const read = readTheirs(text)
        expect(readOurs(text).said ?? read).toEqual(read)
      }),
      { numRuns: 3_000 },
    )
  })
})
