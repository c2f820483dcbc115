import type { Expression, Local, Loop, Node, ValueType } from '../tree.ts'

/** What the uses of a variable tell. */
export interface Use {
  name: string
  /** Where the source names it first. */
  at: number
  kinds: Set<Exclude<ValueType, 'unknown'>>
  /** The text asks whether it is there, or has something else for when it is not. */
  isTested: boolean
  /** Its length is asked. */
  isSized: boolean
  /** It is looked through: a text or a list. */
  isSearched: boolean
  /** Types of what the text itself puts there. */
  assigned: Set<ValueType>
  type: ValueType
  /** How often it stands in the text. */
  count: number
}

const NUMBER_FILTERS: ReadonlySet<string> = new Set(
  'abs ceil floor round plus minus times divided_by modulo at_least at_most'.split(' '),
)
const LIST_FILTERS: ReadonlySet<string> = new Set(
  'join first last sort map where reject compact concat uniq sum reverse array_to_sentence_string'.split(' '),
)
/** Filters that take anything and give what they are made for. */
const ANY_FILTERS: ReadonlySet<string> = new Set(['json', 'size', 'default', 'slice'])

/** How a value is used where it stands. */
type Role = Exclude<ValueType, 'unknown'> | 'truth' | 'any' | 'sized' | 'searched'

/** Reads what the uses tell of each variable, and what loops read of the ones around them. */
export class Inference {
  readonly uses = new Map<string, Use>()
  readonly #loops: Loop[] = []
  readonly #seen = new Set<Expression>()
  readonly #assignedTypes = new Map<Local, Set<ValueType>>()
  readonly #known: ReadonlyMap<string, ValueType>

  /** @param known types that the source says itself */
  constructor(known: ReadonlyMap<string, ValueType>) {
    this.#known = known
  }

  nodes(nodes: readonly Node[]): void {
    for (const node of nodes) this.#node(node)
  }

  /** Settles the types, after all texts. */
  settle(): void {
    for (const use of this.uses.values()) use.type = this.#known.get(use.name) ?? typeOf(use)
  }

  #node(node: Node): void {
    switch (node.is) {
      case 'output':
        return this.#use(node.value, 'string')
      case 'if':
        for (const { test, body } of node.branches) {
          this.#use(test, 'truth')
          this.nodes(body)
        }
        return this.nodes(node.otherwise)
      case 'for':
        this.#use(node.items, node.loop.isPairs ? 'object' : 'array')
        if (node.otherwise.length > 0) this.#tested(node.items)
        this.#loops.push(node.loop)
        this.nodes(node.body)
        this.#loops.pop()
        return this.nodes(node.otherwise)
      case 'assign':
        this.#use(node.value, 'any')
        return this.#assigned(node.to, node.value)
      case 'evidence':
        return this.#use(node.of, node.type)
      case 'include':
        for (const [, value] of node.args) this.#use(value, 'any')
        return
      default:
    }
  }

  #assigned(to: Local | string, given: Expression): void {
    const type = staticType(given, this.uses)
    if (typeof to !== 'string') {
      const types = this.#assignedTypes.get(to) ?? new Set()
      this.#assignedTypes.set(to, types.add(type))
      to.type = types.size === 1 ? type : 'unknown'
      return
    }
    if (!this.uses.has(to)) this.#variable(to, 0, 'any')
    this.uses.get(to)?.assigned.add(type)
  }

  #use(expression: Expression, role: Role): void {
    // What a choice asks for and gives is one expression, which may hold others like it.
    if (!isSimple(expression)) {
      if (this.#seen.has(expression)) return
      this.#seen.add(expression)
    }
    switch (expression.is) {
      case 'variable':
        return this.#variable(expression.name, expression.at, role)
      case 'member':
        return this.#member(expression.of, expression.key)
      case 'loop':
        return this.#loop(expression.loop, expression.field)
      case 'filter':
        return this.#filter(expression, role)
      case 'compare':
        return this.#compare(expression)
      case 'and':
      case 'or':
        for (const item of expression.items) this.#use(item, 'truth')
        return
      case 'not':
        return this.#use(expression.of, 'truth')
      case 'given':
        this.#use(expression.of, 'any')
        return this.#tested(expression.of)
      case 'choose':
        this.#use(expression.test, 'truth')
        this.#use(expression.held, role)
        return this.#use(expression.otherwise, role)
      case 'range':
        this.#use(expression.from, 'number')
        return this.#use(expression.to, 'number')
      default:
    }
  }

  #variable(name: string, at: number, role: Role): void {
    let use = this.uses.get(name)
    if (!use) {
      use = {
        name,
        at,
        kinds: new Set(),
        isTested: false,
        isSized: false,
        isSearched: false,
        assigned: new Set(),
        type: 'unknown',
        count: 0,
      }
      this.uses.set(name, use)
    }
    use.count++
    if (role === 'truth') {
      use.isTested = true
      use.kinds.add('boolean')
    } else if (role !== 'sized' && role !== 'searched') use.kinds.add(role === 'any' ? 'string' : role)
    use.isSized ||= role === 'sized'
    use.isSearched ||= role === 'searched'
  }

  #tested(expression: Expression): void {
    if (expression.is !== 'variable') return
    const use = this.uses.get(expression.name)
    if (use) use.isTested = true
  }

  #member(of: Expression, key: Expression): void {
    const { value } = key.is === 'value' ? key : { value: undefined }
    if (value === 'size') this.#use(of, 'sized')
    else if (typeof value === 'number' || value === 'first' || value === 'last') this.#use(of, 'array')
    else if (key.is === 'value') this.#use(of, 'object')
    else {
      this.#use(key, 'any')
      this.#use(of, 'any')
    }
  }

  #loop(loop: Loop, field: Parameters<Loop['readInside']['get']>[0]): void {
    if (this.#loops.at(-1) === loop || loop.readInside.has(field)) return
    const type = field === 'first' || field === 'last' ? 'boolean' : 'number'
    loop.readInside.set(field, { hint: `${loop.item.hint}_${field}`, type })
  }

  #filter({ of, name, args, named }: Extract<Expression, { is: 'filter' }>, outer: Role): void {
    const role = NUMBER_FILTERS.has(name) ? 'number' : LIST_FILTERS.has(name) ? 'array' : 'string'
    // A part of what a loop goes over is a part of a list.
    const isPart = outer === 'array' && (name === 'slice' || name === 'default')
    this.#use(of, isPart ? 'array' : ANY_FILTERS.has(name) ? 'any' : role)
    if (name === 'default') this.#tested(of)
    for (const arg of args) this.#use(arg, role === 'number' ? 'number' : 'any')
    for (const [, arg] of named ?? []) this.#use(arg, 'any')
  }

  #compare({ operator, left, right }: Extract<Expression, { is: 'compare' }>): void {
    if (operator === 'contains') {
      this.#use(left, left.is === 'variable' ? 'searched' : 'any')
      return this.#use(right, 'any')
    }
    this.#use(left, roleBeside(right))
    this.#use(right, roleBeside(left))
    if (right.is === 'value' && right.value === null) this.#tested(left)
  }
}

/** What lists are called. */
const MANY = /[^isu]s$|list$|array$/i

/** Whether an expression is written again as easily as its name would be. */
export function isSimple({ is }: Expression): boolean {
  return is === 'variable' || is === 'local' || is === 'value' || is === 'loop' || is === 'member'
}

/** What a value seems to be that is compared with another. */
function roleBeside(other: Expression): Role {
  const kind = staticType(other)
  return kind === 'number' || kind === 'boolean' || kind === 'string' ? kind : 'any'
}

function typeOf({ name, kinds, assigned, isSized, isSearched }: Use): ValueType {
  if (assigned.size > 0) return assigned.size === 1 ? ([...assigned][0] ?? 'unknown') : 'unknown'
  // A text in place of a list would be found in none of its parts, and nobody would see it; the reverse is refused.
  if (isSearched && !['array', 'object'].some((kind) => kinds.has(kind as 'array')))
    return kinds.has('string') || !MANY.test(name) ? 'string' : 'array'
  // What is only counted, or asked for, is a list.
  if (isSized && !['object', 'number', 'string'].some((kind) => kinds.has(kind as 'string'))) return 'array'
  for (const kind of ['array', 'object', 'number', 'string', 'boolean'] as const)
    if (kinds.has(kind)) return kind
  return 'string'
}

/** The type that an expression has by itself, or by what is known of variables. */
export function staticType(expression: Expression, uses?: ReadonlyMap<string, Use>): ValueType {
  switch (expression.is) {
    case 'value': {
      const kind = typeof expression.value
      return kind === 'string' || kind === 'number' || kind === 'boolean' ? kind : 'unknown'
    }
    case 'variable':
      return uses?.get(expression.name)?.type ?? 'unknown'
    case 'local':
      return expression.local.type
    case 'loop':
      return expression.field === 'first' || expression.field === 'last' ? 'boolean' : 'number'
    case 'filter':
      return filterType(expression.name)
    case 'choose': {
      const type = staticType(expression.held, uses)
      return type === staticType(expression.otherwise, uses) ? type : 'unknown'
    }
    case 'member':
      return expression.key.is === 'value' && expression.key.value === 'size' ? 'number' : 'unknown'
    case 'range':
      return 'array'
    default:
      return 'boolean'
  }
}

const LISTS: ReadonlySet<string> = new Set(
  'split sort map where reject compact concat uniq reverse'.split(' '),
)
const UNKNOWN: ReadonlySet<string> = new Set(['default', 'first', 'last', 'slice', 'find'])

function filterType(name: string): ValueType {
  if (NUMBER_FILTERS.has(name) || name === 'size' || name === 'sum' || name === 'to_integer') return 'number'
  return LISTS.has(name) ? 'array' : UNKNOWN.has(name) ? 'unknown' : 'string'
}
