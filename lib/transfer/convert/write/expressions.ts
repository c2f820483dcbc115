import type { Expression, Local, Truth } from '../tree.ts'
import { isSimple, staticType, type Use } from './infer.ts'
import { quoted } from './literal.ts'
import type { Names } from './names.ts'

/** A condition: one comparison, or several of which all or one must hold. */
type Condition = { leaf: string } | { joint: 'and' | 'or'; items: Condition[] }

/** What writing an expression needs of the text around it. */
export interface Surroundings {
  truth: Truth
  names: Names
  uses: ReadonlyMap<string, Use>
  /** Variables that have a value even where none is given. */
  defaults: ReadonlyMap<string, unknown>
  /** Writes a tag before the one that is being written. */
  before: (tag: string) => void
  nameOf: (local: Local) => string
  /** Whether the loop is the innermost. */
  isInnermost: (expression: Extract<Expression, { is: 'loop' }>) => boolean
}

/** Writes expressions: what Liquid has no place for is assigned to a name first. */
export class Expressions {
  readonly #around: Surroundings
  /** Names of what is worked out already. */
  readonly #shared = new Map<Expression, string>()

  constructor(around: Surroundings) {
    this.#around = around
  }

  /** A value with its filters, as it stands in an output or behind `assign x =`. */
  chain(expression: Expression): string {
    const shared = this.#shared.get(expression)
    if (shared !== undefined) return shared
    switch (expression.is) {
      case 'filter': {
        const short = this.shortened(expression.of)
        const base =
          short ?? (isBoolean(expression.of) ? this.operand(expression.of) : this.chain(expression.of))
        const args = [
          ...expression.args.map((arg) => this.operand(arg)),
          ...(expression.named ?? []).map(([name, arg]) => `${name}: ${this.operand(arg)}`),
        ]
        return `${base} | ${expression.name}${args.length > 0 ? `: ${args.join(', ')}` : ''}`
      }
      case 'compare':
      case 'and':
      case 'or':
      case 'not':
      case 'given':
        return this.test(expression)
      default:
        return this.shortened(expression) ?? this.operand(expression)
    }
  }

  /** What an output writes: JavaScript puts commas between the items of a list. */
  shown(expression: Expression): string {
    const { truth, uses } = this.#around
    const isList = truth !== 'python' && staticType(expression, uses) === 'array'
    return this.chain(
      isList
        ? { is: 'filter', of: expression, name: 'join', args: [{ is: 'value', value: ',' }] }
        : expression,
    )
  }

  /** A choice that one filter makes as well; undefined where none does. */
  shortened(expression: Expression): string | undefined {
    if (expression.is !== 'choose') return undefined
    const { test, held, otherwise } = expression
    if (
      test.is === 'given' &&
      test.of === held &&
      held.is === 'variable' &&
      this.#around.defaults.has(held.name)
    )
      return this.operand(held)
    const isText = test === held && staticType(held, this.#around.uses) === 'string'
    return isText && held.is === 'variable'
      ? `${this.operand(held)} | default: ${this.operand(otherwise)}`
      : undefined
  }

  /** One value without filters. */
  operand(expression: Expression): string {
    const shared = this.#shared.get(expression)
    if (shared !== undefined) return shared
    switch (expression.is) {
      case 'value':
        return constant(expression.value)
      case 'variable':
        return this.#around.names.of(expression.name)
      case 'local':
        return this.#around.nameOf(expression.local)
      case 'loop':
        return this.#loopField(expression)
      case 'member':
        return this.#member(expression)
      case 'range':
        return `(${this.operand(expression.from)}..${this.operand(expression.to)})`
      case 'choose':
        return this.#chosen(expression)
      default:
        return this.#assigned(this.chain(expression), hintOf(expression))
    }
  }

  /** A condition, as it stands behind `if`. */
  test(expression: Expression): string {
    return this.#linear(this.#condition(expression, false))
  }

  /** The negation of a condition. */
  failing(expression: Expression): string {
    return this.#linear(this.#condition(expression, true))
  }

  #member({ of, key }: Extract<Expression, { is: 'member' }>): string {
    const base = of.is === 'range' ? this.#assigned(this.operand(of), 'list') : this.operand(of)
    if (key.is !== 'value') return `${base}[${this.operand(key)}]`
    const isPlain = typeof key.value === 'string' && /^[A-Za-z_]\w*$/.test(key.value)
    return isPlain ? `${base}.${key.value}` : `${base}[${constant(key.value)}]`
  }

  #loopField(expression: Extract<Expression, { is: 'loop' }>): string {
    if (this.#around.isInnermost(expression)) return `forloop.${expression.field}`
    const local = expression.loop.readInside.get(expression.field)
    return local ? this.#around.nameOf(local) : 'nil'
  }

  #assigned(written: string, hint: string): string {
    const name = this.#around.names.fresh(hint)
    this.#around.before(`{% assign ${name} = ${written} %}`)
    return name
  }

  #chosen(expression: Extract<Expression, { is: 'choose' }>): string {
    const short = this.shortened(expression)
    if (short !== undefined)
      return short.includes('|') ? this.#assigned(short, hintOf(expression.held)) : short
    const { test, held, otherwise } = expression
    this.share(expression)
    const name = this.#around.names.fresh('chosen')
    const { before } = this.#around
    const condition = this.test(test)
    before(`{% assign ${name} = ${this.chain(otherwise)} %}`)
    const chosen = this.chain(held)
    before(`{% if ${condition} %}{% assign ${name} = ${chosen} %}{% endif %}`)
    return name
  }

  isShared(expression: Expression): boolean {
    return this.#shared.has(expression)
  }

  /** What a choice asks for and gives as well is worked out once. */
  share({ test, held, otherwise }: Extract<Expression, { is: 'choose' }>): void {
    const asked = test.is === 'given' ? test.of : test
    if ((asked !== held && asked !== otherwise) || isSimple(asked)) return
    this.#shared.set(asked, this.#assigned(this.chain(asked), hintOf(asked)))
  }

  #condition(expression: Expression, isNegated: boolean): Condition {
    switch (expression.is) {
      case 'and':
      case 'or': {
        const joint = (expression.is === 'and') === isNegated ? 'or' : 'and'
        return { joint, items: expression.items.map((item) => this.#condition(item, isNegated)) }
      }
      case 'not':
        return this.#condition(expression.of, !isNegated)
      case 'given':
        return { leaf: `${this.operand(expression.of)} ${isNegated ? '==' : '!='} nil` }
      case 'compare':
        return { leaf: this.#comparison(expression, isNegated) }
      case 'value':
        return { leaf: String(isTrue(expression.value) !== isNegated) }
      default:
        return this.#isTrue(expression, isNegated)
    }
  }

  #comparison({ operator, left, right }: Extract<Expression, { is: 'compare' }>, isNegated: boolean): string {
    const opposite = operator === '==' ? '!=' : operator === '!=' ? '==' : undefined
    const sign = isNegated ? (opposite ?? operator) : operator
    const written = `${this.operand(left)} ${sign} ${this.operand(right)}`
    return isNegated && opposite === undefined ? `not ${written}` : written
  }

  /** Whether the source takes a value for true; Liquid takes everything but false and nil for it. */
  #isTrue(expression: Expression, isNegated: boolean): Condition {
    const type = staticType(expression, this.#around.uses)
    const at = this.operand(expression)
    const { truth } = this.#around
    const isFalseWhenEmpty =
      type === 'array' ? truth !== 'script' : type === 'object' ? truth === 'python' : false
    const all = (...leaves: string[]): Condition => ({
      joint: 'and',
      items: leaves.map((leaf) => ({ leaf })),
    })
    const none = (...leaves: string[]): Condition => ({
      joint: 'or',
      items: leaves.map((leaf) => ({ leaf })),
    })
    if (type === 'boolean' || ((type === 'array' || type === 'object') && !isFalseWhenEmpty))
      return { leaf: isNegated ? `not ${at}` : at }
    if (type === 'string' || isFalseWhenEmpty) return { leaf: `${isNegated ? 'not ' : ''}${at}.size > 0` }
    if (type === 'number') return isNegated ? none(`not ${at}`, `${at} == 0`) : all(at, `${at} != 0`)
    const empty = truth === 'script' ? '""' : 'empty'
    return isNegated
      ? none(`not ${at}`, `${at} == ${empty}`, `${at} == 0`)
      : all(at, `${at} != ${empty}`, `${at} != 0`)
  }

  /** There are no parentheses: what is read from right to left can be written so, the rest is assigned first. */
  #linear(condition: Condition): string {
    if ('leaf' in condition) return condition.leaf
    const items = flat(condition)
    const leaves = items.flatMap((item) => ('leaf' in item ? [item.leaf] : []))
    const compound = items.filter((item) => !('leaf' in item))
    const last = compound.pop()
    const assigned = compound.map((item) => this.#assigned(this.#linear(item), 'holds'))
    return [...leaves, ...assigned, ...(last ? [this.#linear(last)] : [])].join(` ${condition.joint} `)
  }
}

/** The items of a condition, with those of the same kind within it. */
function flat(condition: Extract<Condition, { joint: string }>): Condition[] {
  return condition.items.flatMap((item) =>
    !('leaf' in item) && (item.joint === condition.joint || item.items.length === 1) ? flat(item) : [item],
  )
}

function isBoolean(expression: Expression): boolean {
  return ['compare', 'and', 'or', 'not', 'given', 'choose'].includes(expression.is)
}

function isTrue(constantValue: string | number | boolean | null): boolean {
  return constantValue !== '' && constantValue !== 0 && constantValue !== false && constantValue !== null
}

function constant(of: string | number | boolean | null): string {
  if (of === null) return 'nil'
  if (typeof of === 'string') return quoted(of)
  return typeof of === 'number' ? decimal(of) : String(of)
}

/** A number without exponent, which the language does not read. */
function decimal(number: number): string {
  const written = String(number)
  return /e/i.test(written)
    ? number.toLocaleString('en', { useGrouping: false, maximumFractionDigits: 20 })
    : written
}

function hintOf(expression: Expression): string {
  if (expression.is === 'filter') return hintOf(expression.of)
  if (expression.is === 'variable') return `${expression.name}_value`
  if (expression.is === 'member' && expression.key.is === 'value') return `${expression.key.value}_value`
  if (expression.is === 'local') return `${expression.local.hint}_value`
  return 'value'
}
