import type { Budget } from './budget.ts'
import { fault, isFault } from './fault.ts'
import { findFirst } from './filters/search.ts'
import type { Json } from './json.ts'
import type { Expression, FilterCall, Operand, Operator, Path } from './syntax.ts'
import { compare, isEqual, isTruthy, plain, readMember, toNumber, toText, type Value } from './value.ts'

/** The innermost loop's state, read as `forloop`. */
export interface Loop {
  variable: string
  item: Json
  index: number
  length: number
  outer: Loop | undefined
}

/** What names mean while one text is rendered. */
export interface Frame {
  readonly values: ReadonlyMap<string, Json>
  /** What `assign` has set. */
  locals: Map<string, Json> | undefined
  /** Names that `assign` sets somewhere: nil until then. */
  readonly assigned: ReadonlySet<string>
  loop: Loop | undefined
  readonly budget: Budget
}

/** Evaluates an expression with its filters; `lenient` makes nil of a name or member that does not exist. */
export function evaluate(expression: Expression, frame: Frame, lenient: boolean): Value {
  const tolerant = lenient || expression.lenient
  let value =
    expression.single === undefined
      ? evaluatePostfix(expression, frame, tolerant)
      : evaluateOperand(expression.single, frame, tolerant)
  for (const filter of expression.filters) value = applyFilter(filter, value, frame)
  return value
}

export function evaluateOperand(operand: Operand, frame: Frame, lenient: boolean): Value {
  switch (operand.op) {
    case 'const':
      return operand.value
    case 'path':
      return readPath(operand, frame, lenient)
    case 'range': {
      const from = Math.trunc(toNumber(plain(evaluateOperand(operand.from, frame, lenient))))
      const to = Math.trunc(toNumber(plain(evaluateOperand(operand.to, frame, lenient))))
      const count = Math.max(0, to - from + 1)
      at(operand.start, operand.end, () => frame.budget.spendItems(count))
      return Array.from({ length: count }, (_, index) => from + index)
    }
  }
}

/** Runs something whose faults do not know where they are, and tells them. */
export function at<T>(start: number, end: number, run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (isFault(error) && error.start === undefined) Object.assign(error, { start, end })
    throw error
  }
}

function readPath(path: Path, frame: Frame, lenient: boolean): Value {
  const { keys } = path
  let read = 0
  let value: Value
  if (path.base) value = evaluateOperand(path.base, frame, lenient)
  else if (path.root === 'forloop' && frame.loop) {
    value = readLoop(frame.loop, keys[0])
    read = 1
  } else value = lookUp(path.root, frame)
  if (keys.length > 8) frame.budget.spend(keys.length * 5)
  for (; read < keys.length && value !== undefined; read++) {
    const key = keys[read] as Operand
    value = readMember(
      value,
      key.op === 'const' ? plain(key.value) : plain(evaluateOperand(key, frame, false)),
      frame.budget,
    )
  }
  if (value !== undefined) return value
  if (lenient) return null
  throw fault('undefined_variable', `${describe(path, read)} is not defined`, path.start, path.end)
}

function lookUp(name: string, frame: Frame): Value {
  for (let loop = frame.loop; loop; loop = loop.outer) if (loop.variable === name) return loop.item
  const local = frame.locals?.get(name)
  if (local !== undefined) return local
  const value = frame.values.get(name)
  return value === undefined && frame.assigned.has(name) ? null : value
}

/** The path up to the member that does not exist, for a message. */
function describe(path: Path, read: number): string {
  const keys = path.keys
    .slice(0, read)
    .map((key) => (key.op === 'const' ? `.${JSON.stringify(plain(key.value)).replaceAll('"', '')}` : '[…]'))
  return `${path.root}${keys.join('')}`
}

function readLoop(loop: Loop, key: Operand | undefined): Value {
  switch (key?.op === 'const' ? key.value : undefined) {
    case 'index':
      return loop.index + 1
    case 'index0':
      return loop.index
    case 'rindex':
      return loop.length - loop.index
    case 'rindex0':
      return loop.length - loop.index - 1
    case 'first':
      return loop.index === 0
    case 'last':
      return loop.index === loop.length - 1
    case 'length':
      return loop.length
    default:
      return undefined
  }
}

function evaluatePostfix(expression: Expression, frame: Frame, lenient: boolean): Value {
  const stack: Value[] = []
  frame.budget.spend(expression.postfix.length * 10)
  for (const term of expression.postfix) {
    if (typeof term === 'object') {
      stack.push(evaluateOperand(term, frame, lenient))
      continue
    }
    const right = stack.pop()
    stack.push(term === 'not' ? !isTruthy(right) : operate(term, stack.pop(), right, frame.budget))
  }
  return stack[0]
}

function operate(operator: Exclude<Operator, 'not'>, left: Value, right: Value, budget: Budget): boolean {
  switch (operator) {
    case 'and':
      return isTruthy(left) && isTruthy(right)
    case 'or':
      return isTruthy(left) || isTruthy(right)
    case '==':
      return isEqual(left, right, budget)
    case '!=':
      return !isEqual(left, right, budget)
    case 'contains':
      return contains(plain(left), plain(right), budget)
    default: {
      const order = compare(left, right, budget)
      if (order === undefined) return false
      if (operator === '<') return order < 0
      if (operator === '>') return order > 0
      return operator === '<=' ? order <= 0 : order >= 0
    }
  }
}

function contains(whole: Json, part: Json, budget: Budget): boolean {
  if (Array.isArray(whole)) {
    budget.spend(whole.length * 5)
    return whole.some((item) => isEqual(item, part, budget))
  }
  if (typeof whole !== 'string' || part === null) return false
  return findFirst(whole, toText(part, budget), budget) >= 0
}

function applyFilter(filter: FilterCall, value: Value, frame: Frame): Json {
  frame.budget.spend(50)
  const args = filter.args.map((arg) => plain(evaluateOperand(arg, frame, false)))
  const named =
    filter.named.length === 0
      ? undefined
      : new Map(filter.named.map(([name, arg]) => [name, plain(evaluateOperand(arg, frame, false))]))
  try {
    return filter.run(plain(value), args, frame.budget, named)
  } catch (error) {
    if (isFault(error) && error.start === undefined)
      Object.assign(error, { start: filter.start, end: filter.end })
    throw error
  }
}
