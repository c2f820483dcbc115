import type { TextRange } from '../../errors.ts'
import { rangesIn } from './fault.ts'
import { isVariableName, VARIABLE_NAME_RULE } from './name-rules.ts'
import type { Parsed } from './parse.ts'
import type { Expression, ForNode, IfNode, IncludeNode, Node, Operand, Path } from './syntax.ts'
import type { Analysis, IncludeUse, UsedVariable } from './types.ts'

type FieldPath = (string | number)[]

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

/** How a value is used, as far as that tells something about the variable. */
interface Use {
  tolerant?: boolean
  list?: boolean
  members?: boolean
  /** Its JSON is written, whatever it is. */
  json?: boolean
  /** It is only asked for. */
  tested?: boolean
}

/** Gathers what the fields of one content use. */
export class Analyser {
  readonly #variables = new Map<string, UsedVariable>()
  readonly #includes: IncludeUse[] = []
  readonly #filters = new Set<string>()
  readonly #asJson = new Set<string>()
  readonly #otherwise = new Set<string>()
  readonly #problems: Analysis['problems'] = []

  /** Adds one parsed field. */
  add(parsed: Parsed, path: FieldPath, text: string): void {
    for (const problem of parsed.problems) this.#problems.push({ ...problem, path })
    new FieldWalk(this, path, text).walk(parsed.nodes)
  }

  result(): Analysis {
    return {
      variables: [...this.#variables.values()],
      includes: this.#includes,
      filters: [...this.#filters],
      jsonOnly: new Set([...this.#asJson].filter((name) => !this.#otherwise.has(name))),
      problems: this.#problems,
    }
  }

  useVariable(name: string, path: FieldPath, range: TextRange, use: Use): void {
    const known = this.#variables.get(name)
    const found = known ?? { name, places: [], optional: false, type: 'string' }
    if (!known) this.#variables.set(name, found)
    found.places.push({ path, range })
    found.optional ||= use.tolerant === true
    if (use.json) this.#asJson.add(name)
    else if (!use.tested) this.#otherwise.add(name)
    if (use.list) found.type = 'array'
    else if (use.members && found.type === 'string') found.type = 'object'
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

  constructor(analyser: Analyser, path: FieldPath, text: string) {
    this.#analyser = analyser
    this.#path = path
    this.#range = rangesIn(text)
  }

  walk(nodes: readonly Node[]): void {
    for (const node of nodes) this.#node(node)
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
        for (const branch of node.branches) {
          for (const value of branch.values) this.#operand(value, {})
          this.walk(branch.body)
        }
        return this.walk(node.otherwise)
      case 'for':
        return this.#for(node)
      case 'include':
        return this.#include(node)
    }
  }

  #if(node: IfNode): void {
    for (const branch of node.branches) {
      this.#expression(branch.test, { tolerant: true })
      this.walk(branch.body)
    }
    this.walk(node.otherwise)
  }

  #for(node: ForNode): void {
    this.#operand(node.items, { list: true })
    for (const modifier of [node.limit, node.offset]) if (modifier) this.#operand(modifier, {})
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
    const [first] = expression.filters
    const list = first !== undefined && LIST_HINTS.has(first.name)
    const isTest = use.tolerant === true
    const json = first?.name === 'json'
    const inner = {
      tolerant: isTest || expression.lenient,
      list,
      json,
      tested: isTest && first === undefined,
    }
    for (const [operand, truthTested] of testedOperands(expression)) {
      this.#operand(operand, { ...inner, tolerant: inner.tolerant && truthTested })
    }
    for (const filter of expression.filters) {
      this.#analyser.useFilter(filter.name)
      for (const arg of filter.args) this.#operand(arg, {})
      for (const [, arg] of filter.named) this.#operand(arg, {})
    }
  }

  #operand(operand: Operand, use: Use): void {
    if (operand.op === 'range') {
      this.#operand(operand.from, {})
      this.#operand(operand.to, {})
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

/**
 * Each operand, and whether only its being there is asked (`a`, `a and b`, `not a`, `a == nil`): not when
 * it is compared with something. The stack holds the operands of each value that are still only asked for.
 */
function testedOperands(expression: Expression): [Operand, boolean][] {
  const operands: [Operand, boolean][] = []
  const stack: [Operand, boolean][][] = []
  for (const term of expression.postfix) {
    if (typeof term === 'object') {
      const entry: [Operand, boolean] = [term, true]
      operands.push(entry)
      stack.push([entry])
      continue
    }
    if (term === 'not') continue
    const right = stack.pop() ?? []
    const left = stack.pop() ?? []
    if (term === 'and' || term === 'or' || isNothing(left) || isNothing(right)) {
      stack.push(merge(left, right))
    } else {
      for (const entry of [...left, ...right]) entry[1] = false
      stack.push([])
    }
  }
  return operands
}

/** Joins two lists by growing the longer one, so that a long chain stays cheap. */
function merge<T>(left: T[], right: T[]): T[] {
  const [long, short] = left.length < right.length ? [right, left] : [left, right]
  for (const entry of short) long.push(entry)
  return long
}

function isNothing(terms: [Operand, boolean][]): boolean {
  const [first] = terms[0] ?? []
  return (
    terms.length === 1 && first?.op === 'const' && (first.value === null || typeof first.value === 'symbol')
  )
}
