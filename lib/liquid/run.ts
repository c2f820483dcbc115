import { at, evaluate, evaluateOperand, type Frame } from './evaluate.ts'
import { fault, isFault } from './fault.ts'
import type { Json } from './json.ts'
import type { CaseNode, ForNode, IfNode, IncludeNode, Node, Operand } from './syntax.ts'
import { utf8Length } from './text.ts'
import { isEqual, isTruthy, plain, toItems, toNumber, toText, type Value } from './value.ts'
import type { Variable } from './variable.ts'

/** A text that is ready to run, with the texts it includes by the reference that names them in it. */
export interface Unit {
  nodes: readonly Node[]
  assigned: ReadonlySet<string>
  includes: ReadonlyMap<string, IncludedUnit>
}
export interface IncludedUnit extends Unit {
  /** `name@version`, for messages. */
  label: string
  variables: readonly Variable[]
}

/**
 * Renders one text.
 * @throws Fault with the span in that text
 */
export function run(unit: Unit, frame: Frame): string {
  return runNodes(unit.nodes, unit, frame)
}

function runNodes(nodes: readonly Node[], unit: Unit, frame: Frame): string {
  let out = ''
  for (const node of nodes) {
    if (node.node === 'text') {
      frame.budget.spendOutput(node.bytes)
      out += node.text
    } else if (node.node === 'output') {
      frame.budget.spend(20)
      const text = toText(evaluate(node.value, frame, false), frame.budget)
      frame.budget.spendOutput(utf8Length(text))
      out += text
    } else out += runTag(node, unit, frame)
  }
  return out
}

function runTag(node: Exclude<Node, { node: 'text' | 'output' }>, unit: Unit, frame: Frame): string {
  frame.budget.spend(20)
  switch (node.node) {
    case 'if':
      return runNodes(chooseIf(node, frame), unit, frame)
    case 'case':
      return runCase(node, unit, frame)
    case 'for':
      return runFor(node, unit, frame)
    case 'assign':
      frame.locals ??= new Map()
      frame.locals.set(node.name, plain(evaluate(node.value, frame, true)))
      return ''
    case 'include':
      return runInclude(node, unit, frame)
  }
}

function chooseIf(node: IfNode, frame: Frame): readonly Node[] {
  for (const branch of node.branches) {
    if (isTruthy(evaluate(branch.test, frame, true)) !== branch.negated) return branch.body
  }
  return node.otherwise
}

/** As in every Liquid, each branch that fits is rendered, and the last one only when none does. */
function runCase(node: CaseNode, unit: Unit, frame: Frame): string {
  const value = evaluate(node.value, frame, true)
  let out = ''
  let found = false
  for (const branch of node.branches) {
    if (!fits(branch.values, value, frame)) continue
    found = true
    out += runNodes(branch.body, unit, frame)
  }
  return found ? out : runNodes(node.otherwise, unit, frame)
}

function fits(choices: readonly Operand[], value: Value, frame: Frame): boolean {
  return choices.some((choice) => {
    frame.budget.spend(5)
    return isEqual(value, evaluateOperand(choice, frame, true), frame.budget)
  })
}

function runFor(node: ForNode, unit: Unit, frame: Frame): string {
  const { start, end } = node
  const collection = plain(evaluateOperand(node.items, frame, false))
  const all = at(start, end, () => toItems(collection, frame.budget))
  const items = window(all, node, frame)
  if (items.length === 0) return runNodes(node.otherwise, unit, frame)
  const outer = frame.loop
  const loop = { variable: node.variable, item: items[0] as Json, index: 0, length: items.length, outer }
  frame.loop = loop
  let out = ''
  for (const item of items) {
    frame.budget.spend(20)
    loop.item = item
    out += runNodes(node.body, unit, frame)
    loop.index++
  }
  frame.loop = outer
  return out
}

/** The part of the list that `offset`, `limit` and `reversed` leave, in this order. */
function window(all: Json[], node: ForNode, frame: Frame): Json[] {
  if (!node.offset && !node.limit && !node.reversed) return all
  frame.budget.spendItems(all.length)
  const offset = node.offset ? whole(plain(evaluateOperand(node.offset, frame, false))) : 0
  const limit = node.limit ? whole(plain(evaluateOperand(node.limit, frame, false))) : all.length
  const part = all.slice(offset, offset + limit)
  return node.reversed ? part.toReversed() : part
}

function whole(value: Json): number {
  return Math.max(0, Math.trunc(toNumber(value)))
}

function runInclude(node: IncludeNode, unit: Unit, frame: Frame): string {
  const included = unit.includes.get(node.ref)
  if (!included) throw fault('unknown_include', `The prompt "${node.ref}" is not there`, node.start, node.end)
  const passed = new Map<string, Json>()
  for (const { name, value } of node.args) passed.set(name, plain(evaluateOperand(value, frame, false)))
  try {
    if (!node.each) return runIncluded(included, passed, frame)
    let out = ''
    for (const item of toItems(plain(evaluateOperand(node.each.items, frame, false)), frame.budget)) {
      frame.budget.spend(20)
      out += runIncluded(included, passed.set(node.each.name, item), frame)
    }
    return out
  } catch (error) {
    if (!isFault(error)) throw error
    throw fault(error.code, `In ${included.label}: ${error.message}`, node.start, node.end)
  }
}

/** Renders an included text: it sees what is passed to it and its own defaults, nothing else. */
function runIncluded(included: IncludedUnit, passed: ReadonlyMap<string, Json>, frame: Frame): string {
  frame.budget.spend(50 + 10 * (passed.size + included.variables.length))
  const values = new Map(passed)
  for (const variable of included.variables) {
    if ((values.get(variable.name) ?? null) !== null) continue
    if (variable.required) throw fault('missing_variable', `${variable.name} is required and was not passed`)
    values.set(variable.name, variable.default ?? null)
  }
  return run(included, {
    values,
    locals: undefined,
    assigned: included.assigned,
    loop: undefined,
    budget: frame.budget,
  })
}
