import type { TextRange } from '../errors.ts'
import { rangesIn } from './fault.ts'
import { isVariableName, VARIABLE_NAME_RULE } from './name-rules.ts'
import type { Parsed } from './parse.ts'
import type { Expression, ForNode, IfNode, IncludeNode, Node, Operand, Path } from './syntax.ts'
import type { Analysis, IncludeUse, UsedVariable } from './types.ts'

type FieldPath = (string | number)[]

/** A place for messages, and where it is in the content. */
interface PlaceholderUse {
  name: string
  required?: boolean | undefined
  path: FieldPath
}

/** List filters that say that their input is a list. */
const LIST_HINTS: ReadonlySet<string> = new Set([
  'join',
  'array_to_sentence_string',
  'first',
  'last',
  'sort',
  'sort_natural',
  'map',
  'where',
  'reject',
  'find',
  'find_index',
  'has',
  'compact',
  'concat',
  'uniq',
  'sum',
])

/** Number filters that say that their input is a number, and their arguments, too. */
const NUMBER_HINTS: ReadonlySet<string> = new Set([
  'abs',
  'ceil',
  'floor',
  'round',
  'plus',
  'minus',
  'times',
  'divided_by',
  'modulo',
  'at_least',
  'at_most',
])

/** How a value is used, as far as that tells something about the variable. */
interface Use {
  tolerant?: boolean
  list?: boolean
  members?: boolean
  number?: boolean
  /** Only whether it is true is asked. */
  truth?: boolean
  /** Its JSON is written, whatever it is. */
  json?: boolean
}

/** What all uses of a variable together tell. */
interface Evidence {
  used: UsedVariable
  isTolerated: boolean
  hasTextUse: boolean
  kinds: Set<'array' | 'object' | 'number'>
}

/** Gathers what the fields of one content use. */
export class Analyser {
  readonly #variables = new Map<string, Evidence>()
  readonly #placeholders = new Map<string, UsedVariable>()
  /** Used whatever the conditions say. */
  readonly #needed = new Set<string>()
  readonly #includes: IncludeUse[] = []
  readonly #filters = new Set<string>()
  readonly #asJson = new Set<string>()
  readonly #otherwise = new Set<string>()
  readonly #problems: Analysis['problems'] = []

  /** Adds one parsed field. */
  add(parsed: Parsed, path: FieldPath, text: string): void {
    for (const problem of parsed.problems) this.#problems.push({ ...problem, path })
    for (const name of new FieldWalk(this, path, text).walk(parsed.nodes)) this.#needed.add(name)
  }

  /** Adds a placeholder, after all fields. */
  placeholder({ name, required = true, path }: PlaceholderUse): void {
    if (this.#placeholders.has(name)) {
      const message = `There are two placeholders "${name}"`
      this.#problems.push({ path: [...path, 'name'], code: 'duplicate_placeholder', message })
    }
    for (const place of this.#variables.get(name)?.used.places ?? []) {
      const message = `${name} is a placeholder for messages and cannot stand in a text`
      this.#problems.push({ ...place, code: 'placeholder_in_text', message })
    }
    this.#variables.delete(name)
    this.#placeholders.set(name, { name, places: [], optional: !required, type: 'messages' })
  }

  result(): Analysis {
    return {
      variables: [
        ...[...this.#variables].map(([name, evidence]) => ({
          ...evidence.used,
          optional: evidence.isTolerated || !this.#needed.has(name),
          type: typeOf(evidence),
        })),
        ...this.#placeholders.values(),
      ],
      includes: this.#includes,
      filters: [...this.#filters],
      jsonOnly: new Set([...this.#asJson].filter((name) => !this.#otherwise.has(name))),
      problems: this.#problems,
    }
  }

  useVariable(name: string, path: FieldPath, range: TextRange, use: Use): void {
    let evidence = this.#variables.get(name)
    if (evidence === undefined) {
      const used: UsedVariable = { name, places: [], optional: false, type: 'string' }
      evidence = { used, isTolerated: false, hasTextUse: false, kinds: new Set() }
      this.#variables.set(name, evidence)
    }
    evidence.used.places.push({ path, range })
    evidence.isTolerated ||= use.tolerant === true
    evidence.hasTextUse ||= use.truth !== true
    if (use.list) evidence.kinds.add('array')
    if (use.members) evidence.kinds.add('object')
    if (use.number) evidence.kinds.add('number')
    if (use.json) this.#asJson.add(name)
    else if (!use.truth) this.#otherwise.add(name)
  }

  useFilter(name: string): void {
    this.#filters.add(name)
  }

  include(use: IncludeUse): void {
    this.#includes.push(use)
  }

  invalidName(name: string, path: FieldPath, range: TextRange): void {
    this.#problems.push({
      path,
      code: 'invalid_name',
      message: `"${name}" cannot be the name of a variable`,
      range,
      hint: nameHint(name),
    })
  }
}

function typeOf({ kinds, hasTextUse }: Evidence): UsedVariable['type'] {
  for (const kind of ['array', 'object', 'number'] as const) if (kinds.has(kind)) return kind
  return hasTextUse ? 'string' : 'boolean'
}

/** What a name is made of, and the nearest one that is allowed. */
function nameHint(name: string): string {
  const allowed = allowedName(name)
  return `A name is ${VARIABLE_NAME_RULE}${allowed === undefined ? '' : `, such as ${allowed}`}`
}

/** A name made of the letters of another, accents and signs left out; undefined when too little is left. */
export function allowedName(name: string): string | undefined {
  const plain = name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/\W+/g, '_')
    .replace(/^[^a-zA-Z]+|_+$/g, '')
  return isVariableName(plain) ? plain : undefined
}

/** Walks one field's nodes; names that a loop or an assign made are no variables. */
class FieldWalk {
  readonly #analyser: Analyser
  readonly #path: FieldPath
  readonly #range: (start: number, end: number) => TextRange
  readonly #assigned = new Set<string>()
  readonly #loops: string[] = []
  /** What is used wherever the walk is at the moment, in whatever way its conditions go. */
  #needed = new Set<string>()

  constructor(analyser: Analyser, path: FieldPath, text: string) {
    this.#analyser = analyser
    this.#path = path
    this.#range = rangesIn(text)
  }

  /** @returns the names that are used in every case */
  walk(nodes: readonly Node[]): ReadonlySet<string> {
    for (const node of nodes) this.#node(node)
    return this.#needed
  }

  /** Walks ways of which a render takes one: needed is what each of them needs. */
  #eitherOf(ways: readonly (readonly Node[])[]): void {
    const outside = this.#needed
    const needed = ways.map((way) => {
      this.#needed = new Set()
      return this.walk(way)
    })
    this.#needed = outside
    const [first, ...others] = needed
    for (const name of first ?? []) if (others.every((names) => names.has(name))) outside.add(name)
  }

  #node(node: Node): void {
    switch (node.node) {
      case 'text':
        return
      case 'output':
        return this.#expression(node.value, {})
      case 'assign':
        this.#expression(node.value, {})
        this.#assigned.add(node.name)
        return
      case 'if':
        return this.#if(node)
      case 'case':
        this.#expression(node.value, {})
        for (const { values } of node.branches) for (const value of values) this.#operand(value, {})
        return this.#eitherOf([...node.branches.map(({ body }) => body), node.otherwise])
      case 'for':
        return this.#for(node)
      case 'include':
        return this.#include(node)
    }
  }

  #if(node: IfNode): void {
    for (const { test } of node.branches) this.#expression(test, { tolerant: true, truth: true })
    this.#eitherOf([...node.branches.map(({ body }) => body), node.otherwise])
  }

  #for(node: ForNode): void {
    this.#operand(node.items, { list: true })
    for (const modifier of [node.limit, node.offset]) if (modifier) this.#operand(modifier, { number: true })
    this.#loops.push(node.variable)
    this.walk(node.body)
    this.#loops.pop()
    this.walk(node.otherwise)
  }

  #include(node: IncludeNode): void {
    for (const { value } of node.args) this.#operand(value, {})
    if (node.each) this.#operand(node.each.items, { list: true })
    this.#analyser.include({
      ref: node.ref,
      name: node.name,
      ...(node.version === undefined ? {} : { version: node.version }),
      args: [...node.args.map((arg) => arg.name), ...(node.each ? [node.each.name] : [])],
      path: this.#path,
      range: this.#range(node.start, node.end),
    })
  }

  /** `use` is how the whole expression's value is used; a bare operand inherits it. */
  #expression(expression: Expression, use: Use): void {
    const first = expression.filters.find(({ name }) => name !== 'default')?.name ?? ''
    const tolerant = use.tolerant === true || expression.lenient
    const truth = use.truth === true && expression.filters.length === 0
    const inner = { list: LIST_HINTS.has(first), number: NUMBER_HINTS.has(first), json: first === 'json' }
    for (const { operand, isTested, isTruth, isNumber } of comparedOperands(expression)) {
      this.#operand(operand, {
        ...inner,
        tolerant: tolerant && isTested,
        truth: truth && isTruth,
        number: inner.number || isNumber,
      })
    }
    for (const filter of expression.filters) {
      this.#analyser.useFilter(filter.name)
      for (const arg of filter.args) this.#operand(arg, { number: NUMBER_HINTS.has(filter.name) })
      for (const [, arg] of filter.named) this.#operand(arg, {})
    }
  }

  #operand(operand: Operand, use: Use): void {
    if (operand.op === 'range') {
      this.#operand(operand.from, { number: true })
      this.#operand(operand.to, { number: true })
    } else if (operand.op === 'path') this.#useOf(operand, use)
  }

  #useOf(path: Path, use: Use): void {
    for (const key of path.keys) this.#operand(key, {})
    if (path.base) return this.#operand(path.base, {})
    const { root } = path
    if (this.#assigned.has(root) || this.#loops.includes(root)) return
    if (root === 'forloop' && this.#loops.length > 0) return
    const range = this.#range(path.start, path.end)
    if (!isVariableName(root)) return this.#analyser.invalidName(root, this.#path, range)
    this.#needed.add(root)
    this.#analyser.useVariable(root, this.#path, range, path.keys.length > 0 ? memberUse(path) : use)
  }
}

/** What reading the first member tells about the variable. */
function memberUse(path: Path): Use {
  const [first] = path.keys
  if (!first || first.op !== 'const') return {}
  const { value } = first
  if (value === 'size') return {}
  return typeof value === 'number' || value === 'first' || value === 'last'
    ? { list: true }
    : { members: true }
}

/** An operand, and what the operators around it tell. */
interface Compared {
  operand: Operand
  /** Only its being there is asked (`a`, `a and b`, `not a`, `a == nil`). */
  isTested: boolean
  /** Only whether it is true is asked: not where it is compared, but with `true` or `false`. */
  isTruth: boolean
  /** It is compared with a number. */
  isNumber: boolean
}

/** The stack holds the operands of each value that are not compared with anything yet. */
function comparedOperands(expression: Expression): Compared[] {
  const operands: Compared[] = []
  const stack: Compared[][] = []
  for (const term of expression.postfix) {
    if (typeof term === 'object') {
      const entry = { operand: term, isTested: true, isTruth: true, isNumber: false }
      operands.push(entry)
      stack.push([entry])
      continue
    }
    if (term === 'not') continue
    const right = stack.pop() ?? []
    const left = stack.pop() ?? []
    if (term === 'and' || term === 'or') {
      stack.push(merge(left, right))
      continue
    }
    compare(left, right)
    compare(right, left)
    stack.push(isNothing(left) || isNothing(right) ? merge(left, right) : [])
  }
  return operands
}

/** Notes on operands what it tells that they are compared with another value. */
function compare(operands: readonly Compared[], other: readonly Compared[]): void {
  const value = constantOf(other)
  for (const entry of operands) {
    if (!isNothing(other)) entry.isTested = false
    if (typeof value !== 'boolean') entry.isTruth = false
    if (typeof value === 'number') entry.isNumber = true
  }
}

/** The value of a lone constant; undefined for anything else. */
function constantOf(terms: readonly Compared[]) {
  const operand = terms.length === 1 ? terms[0]?.operand : undefined
  return operand?.op === 'const' ? operand.value : undefined
}

/** Joins two lists by growing the longer one, so that a long chain stays cheap. */
function merge<T>(left: T[], right: T[]): T[] {
  const [long, short] = left.length < right.length ? [right, left] : [left, right]
  for (const entry of short) long.push(entry)
  return long
}

function isNothing(terms: readonly Compared[]): boolean {
  const value = constantOf(terms)
  return value === null || typeof value === 'symbol'
}
