import { MOST_LEVELS } from '../../reading.ts'
import { asValue, type Expression, filter, member, value } from '../../tree.ts'
import { type Call, type CallContext, FILTERS } from './filters.ts'
import { kindOf, listOf, oneLess, unescaped } from './kinds.ts'
import { PYTHON_METHODS, SCRIPT_METHODS, scriptMember, sliceOf } from './methods.ts'
import type { Scope } from './scope.ts'
import { testOf } from './tests.ts'
import { type Tokens, unreadable } from './tokens.ts'

/** Reads expressions of Jinja and Nunjucks; what they say and Liquid cannot is refused with its place. */
export class ExpressionReader {
  readonly #tokens: Tokens
  readonly #scope: Scope
  readonly #context: CallContext

  constructor(tokens: Tokens, scope: Scope, context: CallContext) {
    this.#tokens = tokens
    this.#scope = scope
    this.#context = context
  }

  /** `a if b else c`, or anything that binds tighter. */
  expression(): Expression {
    if (++this.#tokens.levels > MOST_LEVELS) throw unreadable()
    let read = this.#or()
    while (this.#tokens.accepts('if')) {
      const test = this.#or()
      const otherwise = this.#tokens.accepts('else') ? this.expression() : value('')
      read = { is: 'choose', test, held: asValue(read), otherwise: asValue(otherwise) }
    }
    this.#tokens.levels--
    return read
  }

  /** Without the inline `if`, which is the condition of a loop where one goes over this. */
  iterated(): Expression {
    return this.#or()
  }

  refuse(at: number, message: string): Expression {
    this.#context.reading.refuse(at, message)
    return value('')
  }

  #or(): Expression {
    const items = [this.#and()]
    while (this.#tokens.accepts('or')) items.push(this.#and())
    return items.length === 1 ? (items[0] as Expression) : { is: 'or', items }
  }

  #and(): Expression {
    const items = [this.#not()]
    while (this.#tokens.accepts('and')) items.push(this.#not())
    return items.length === 1 ? (items[0] as Expression) : { is: 'and', items }
  }

  #not(): Expression {
    let count = 0
    while (this.#tokens.isWord('not') && this.#tokens.second?.text !== 'in') {
      this.#tokens.take()
      count++
    }
    const read = this.#comparison()
    if (count === 0) return read
    const negated: Expression = { is: 'not', of: read }
    return count % 2 === 1 ? negated : { is: 'not', of: negated }
  }

  #comparison(): Expression {
    let left = this.#sum()
    const parts: Expression[] = []
    for (;;) {
      const at = this.#tokens.position
      const operator = this.#operator()
      if (operator === undefined) break
      const right = this.#sum()
      parts.push(this.#compared(operator, asValue(left), asValue(right), at))
      left = right
    }
    if (parts.length === 0) return left
    return parts.length === 1 ? (parts[0] as Expression) : { is: 'and', items: parts }
  }

  #operator(): string | undefined {
    if (this.#tokens.isSign('==', '!=', '===', '!==', '<', '>', '<=', '>='))
      return this.#tokens.take().text.slice(0, 2)
    if (this.#tokens.accepts('in')) return 'in'
    if (!this.#tokens.isWord('not') || this.#tokens.second?.text !== 'in') return undefined
    this.#tokens.take()
    this.#tokens.take()
    return 'not in'
  }

  #compared(operator: string, left: Expression, right: Expression, at: number): Expression {
    if (operator === 'in' || operator === 'not in') {
      const found = this.#within(left, right, at)
      return operator === 'in' ? found : { is: 'not', of: found }
    }
    const isNone = (of: Expression) => of.is === 'value' && of.value === null
    if ((operator === '==' || operator === '!=') && (isNone(left) || isNone(right))) {
      const given: Expression = { is: 'given', of: isNone(right) ? left : right }
      return operator === '!=' ? given : { is: 'not', of: given }
    }
    return { is: 'compare', operator: operator as '==', left, right }
  }

  /** `x in list`; a list that is written out is compared item by item. */
  #within(left: Expression, right: Expression, at: number): Expression {
    const items = this.#lists.get(right)
    if (!items) return { is: 'compare', operator: 'contains', left: right, right: left }
    this.#unsaid.delete(right)
    if (items.length === 0) return value(false)
    const tests = items.map((item) => this.#compared('==', left, item, at))
    return tests.length === 1 ? (tests[0] as Expression) : { is: 'or', items: tests }
  }

  /** Items of lists that are written out. */
  readonly #lists = new Map<Expression, Expression[]>()

  #sum(): Expression {
    let left = this.#joined()
    while (this.#tokens.isSign('+', '-')) {
      const { text, at } = this.#tokens.take()
      const right = this.#joined()
      left =
        text === '-'
          ? filter(asValue(left), 'minus', asValue(right))
          : this.#added(asValue(left), asValue(right), at)
    }
    return left
  }

  /** `+` adds numbers, and joins texts and lists: what stands beside it tells. */
  #added(left: Expression, right: Expression, at: number): Expression {
    const known = this.#scope.root.kinds
    const kinds = [kindOf(left, known), kindOf(right, known)]
    if (kinds.includes('string')) return filter(left, 'append', right)
    if (kinds.includes('list')) return filter(left, 'concat', right)
    if (kinds.includes('number')) return filter(left, 'plus', right)
    return this.refuse(
      at,
      'Whether + adds numbers or joins texts cannot be seen here: write ~ to join, or | int to add',
    )
  }

  #joined(): Expression {
    let left = this.#product()
    while (this.#tokens.accepts('~')) left = filter(asValue(left), 'append', asValue(this.#product()))
    return left
  }

  #product(): Expression {
    let left = this.#signed()
    while (this.#tokens.isSign('*', '/', '//', '%', '**')) {
      const { text, at } = this.#tokens.take()
      const right = asValue(this.#signed())
      left = this.#calculated(text, asValue(left), right, at)
    }
    return left
  }

  #calculated(sign: string, left: Expression, right: Expression, at: number): Expression {
    if (sign === '**' || (sign === '*' && (kindOf(left) === 'string' || kindOf(right) === 'string')))
      return this.refuse(
        at,
        `Nothing does here what ${sign} does: let the caller pass the result as a variable`,
      )
    if (sign === '%' && kindOf(left) === 'string')
      return this.refuse(at, 'A text is not formatted by % here: join its parts with ~')
    if (sign === '//') return filter(filter(left, 'divided_by', right), 'floor')
    if (sign === '/' && this.#context.flavor.name === 'jinja2')
      this.#context.reading.note(at, 'A quotient is written without ".0" here')
    return filter(left, sign === '*' ? 'times' : sign === '/' ? 'divided_by' : 'modulo', right)
  }

  #signed(): Expression {
    if (!this.#tokens.isSign('-', '+')) return this.#filtered(this.#postfix(this.#primary()))
    const sign = this.#tokens.take().text
    const read = this.#signed()
    if (sign === '+') return read
    if (read.is === 'value' && typeof read.value === 'number') return value(-read.value)
    return filter(asValue(read), 'times', value(-1))
  }

  #filtered(of: Expression): Expression {
    let read = of
    for (;;) {
      const at = this.#tokens.position
      if (this.#tokens.accepts('|')) read = this.#filter(asValue(read), at)
      else if (this.#tokens.accepts('is')) read = this.#test(read, at)
      else return read
    }
  }

  #filter(of: Expression, at: number): Expression {
    let name = this.#tokens.name()
    while (this.#tokens.accepts('.')) name += `.${this.#tokens.name()}`
    const { args, named } = this.#tokens.accepts('(') ? this.#arguments() : NO_ARGUMENTS
    const call: Call = { name, of, args, named, at }
    const written = FILTERS.get(name)?.(call, this.#context)
    return written ?? this.refuse(at, `The filter "${name}" has none here that does the same: ${ADVICE}`)
  }

  #test(of: Expression, at: number): Expression {
    const isNegated = this.#tokens.accepts('not')
    const name = this.#tokens.name()
    const args: Expression[] = []
    if (this.#tokens.accepts('(')) args.push(...this.#arguments().args)
    else if (
      this.#tokens.next &&
      ['name', 'string', 'number'].includes(this.#tokens.next.kind) &&
      !this.#isOver()
    )
      args.push(this.#postfix(this.#primary()))
    const test = testOf(name, asValue(of), args)
    if (!test) return this.refuse(at, `Nothing here asks whether a value is "${name}": ${ADVICE}`)
    return isNegated ? { is: 'not', of: test } : test
  }

  #isOver(): boolean {
    return this.#tokens.isWord('and', 'or', 'if', 'else', 'is', 'in', 'not', 'recursive')
  }

  #postfix(of: Expression): Expression {
    let read = of
    for (;;) {
      const at = this.#tokens.position
      if (this.#tokens.accepts('.')) read = this.#member(asValue(read), at)
      else if (this.#tokens.accepts('[')) read = this.#item(asValue(read), at)
      else if (this.#tokens.isSign('(')) return this.refuse(at, `A value cannot be called here: ${ADVICE}`)
      else return read
    }
  }

  #member(of: Expression, at: number): Expression {
    const token = this.#tokens.take()
    if (token.kind === 'number') return member(of, Number(token.text))
    if (token.kind !== 'name') throw unreadable()
    if (of.is === 'variable' && this.#scope.root.namespaces.has(of.name))
      return { is: 'variable', name: `${of.name}_${token.text}`, at: of.at }
    const isScript = this.#context.flavor.name === 'nunjucks'
    if (!this.#tokens.accepts('(')) return isScript ? scriptMember(of, token.text) : member(of, token.text)
    const { args, named } = this.#arguments()
    const methods = isScript ? SCRIPT_METHODS : PYTHON_METHODS
    const written = methods.get(token.text)?.({ name: token.text, of, args, named, at }, this.#context)
    return (
      written ??
      this.refuse(at, `The method "${token.text}" has no filter here that does the same: ${ADVICE}`)
    )
  }

  #item(of: Expression, at: number): Expression {
    const from = this.#tokens.isSign(':') ? undefined : asValue(this.expression())
    if (!this.#tokens.accepts(':')) {
      this.#tokens.expect(']')
      return { is: 'member', of, key: from as Expression }
    }
    const to = this.#tokens.isSign(']') ? undefined : asValue(this.expression())
    this.#tokens.expect(']')
    return sliceOf(of, from, to) ?? this.refuse(at, `A part is counted from the beginning here: ${ADVICE}`)
  }

  #arguments(): Pick<Call, 'args' | 'named'> {
    const args: Expression[] = []
    const named = new Map<string, Expression>()
    while (!this.#tokens.accepts(')')) {
      if (this.#tokens.next?.kind === 'name' && this.#tokens.second?.text === '=') {
        const name = this.#tokens.name()
        this.#tokens.expect('=')
        named.set(name, asValue(this.expression()))
      } else args.push(asValue(this.expression()))
      if (!this.#tokens.isSign(')')) this.#tokens.expect(',')
    }
    return { args, named }
  }

  #primary(): Expression {
    const token = this.#tokens.take()
    if (token.kind === 'number') return value(Number(token.text.replaceAll('_', '')))
    if (token.kind === 'string') {
      let text = unescaped(token.text)
      while (this.#tokens.next?.kind === 'string') text += unescaped(this.#tokens.take().text)
      return value(text)
    }
    if (token.kind === 'name') return this.#name(token.text, token.at)
    if (token.text === '(') {
      const inner = this.expression()
      this.#tokens.expect(')')
      return inner
    }
    if (token.text === '[') return this.#list(token.at)
    throw unreadable()
  }

  #name(name: string, at: number): Expression {
    const constant = CONSTANTS.get(name)
    if (constant !== undefined) return value(constant)
    if (RESERVED.has(name)) throw unreadable()
    const found = this.#scope.find(name)
    if (this.#tokens.isSign('(') && !found) return this.#call(name, at)
    if (name === 'loop' && !found) return this.#loop(at)
    return found ?? { is: 'variable', name, at }
  }

  #loop(at: number): Expression {
    const loop = this.#scope.innerLoop
    if (!loop) return { is: 'variable', name: 'loop', at }
    this.#tokens.expect('.')
    const name = this.#tokens.name()
    const field = LOOP_FIELDS.get(name)
    if (field && !this.#tokens.isSign('(')) return { is: 'loop', loop, field: field as 'index' }
    return this.refuse(at, `A loop does not tell "loop.${name}" here: ${ADVICE}`)
  }

  #call(name: string, at: number): Expression {
    this.#tokens.expect('(')
    const { args } = this.#arguments()
    if (name !== 'range' || args.length === 0 || args.length > 2)
      return this.refuse(at, `The function "${name}" cannot be called here: ${ADVICE}`)
    const [first = value(0), second] = args
    const to = second ?? first
    const last = to.is === 'value' && typeof to.value === 'number' ? value(to.value - 1) : oneLess(to)
    return { is: 'range', from: second ? first : value(0), to: last }
  }

  #list(at: number): Expression {
    const items: Expression[] = []
    while (!this.#tokens.accepts(']')) {
      items.push(asValue(this.expression()))
      if (!this.#tokens.isSign(']')) this.#tokens.expect(',')
    }
    const list = listOf(items)
    const said = list ?? value('')
    this.#lists.set(said, items)
    if (!list) this.#unsaid.set(said, at)
    return said
  }

  /** Lists that only stand where they are compared with. */
  readonly #unsaid = new Map<Expression, number>()

  /** Refuses the lists that had to be compared with, and were not. */
  finish(): void {
    for (const at of this.#unsaid.values())
      this.refuse(at, `A list of anything but texts cannot be written here: ${ADVICE}`)
  }
}

const ADVICE = 'let the caller pass the result as a variable'
const NO_ARGUMENTS: Pick<Call, 'args' | 'named'> = { args: [], named: new Map() }
const CONSTANTS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
  ['null', null],
])
const RESERVED: ReadonlySet<string> = new Set(['and', 'or', 'not', 'if', 'else', 'in', 'is'])
const LOOP_FIELDS: ReadonlyMap<string, string> = new Map([
  ['index', 'index'],
  ['index0', 'index0'],
  ['revindex', 'rindex'],
  ['revindex0', 'rindex0'],
  ['first', 'first'],
  ['last', 'last'],
  ['length', 'length'],
])
