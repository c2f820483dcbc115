import type { Budget } from './budget.ts'
import type { Json } from './json.ts'
import type { Value } from './value.ts'

/** Offsets in the text that was parsed, in UTF-16 units, the end exclusive. */
export interface Span {
  start: number
  end: number
}

export interface Constant {
  op: 'const'
  value: Value
}
/** A variable or local (`root`), or a value in place (`base`), with the members that are read from it. */
export interface Path extends Span {
  op: 'path'
  root: string
  base: Operand | undefined
  keys: Operand[]
}
/** `(from..to)`, both ends included. */
export interface RangeOf extends Span {
  op: 'range'
  from: Operand
  to: Operand
}
export type Operand = Constant | Path | RangeOf

export const OPERATORS = ['==', '!=', '>', '<', '>=', '<=', 'contains', 'not', 'and', 'or'] as const
export type Operator = (typeof OPERATORS)[number]

/** A filter: pure, and it charges what it costs before it works. */
export type FilterFunction = (
  input: Json,
  args: Json[],
  budget: Budget,
  named: ReadonlyMap<string, Json> | undefined,
) => Json

export interface FilterCall extends Span {
  name: string
  run: FilterFunction
  args: Operand[]
  named: [string, Operand][]
}

/** Operands and operators in postfix order, then filters. */
export interface Expression extends Span {
  postfix: (Operand | Operator)[]
  /** The only operand, when there is no operator: the usual case, evaluated without a stack. */
  single: Operand | undefined
  filters: FilterCall[]
  /** The first filter is `default`, so a missing value is no fault. */
  lenient: boolean
}

export interface TextNode {
  node: 'text'
  text: string
  /** In UTF-8. */
  bytes: number
}
export interface OutputNode {
  node: 'output'
  value: Expression
}
export interface IfNode {
  node: 'if'
  branches: { test: Expression; negated: boolean; body: Node[] }[]
  otherwise: Node[]
}
export interface CaseNode {
  node: 'case'
  value: Expression
  branches: { values: Operand[]; body: Node[] }[]
  otherwise: Node[]
}
export interface ForNode extends Span {
  node: 'for'
  variable: string
  items: Operand
  limit: Operand | undefined
  offset: Operand | undefined
  reversed: boolean
  body: Node[]
  otherwise: Node[]
}
export interface AssignNode {
  node: 'assign'
  name: string
  value: Expression
}
export interface IncludeNode extends Span {
  node: 'include'
  /** As written: `other` or `other@3`. */
  ref: string
  name: string
  version: number | undefined
  args: { name: string; value: Operand }[]
  /** `for list as item`: the text is rendered once for each item. */
  each: { name: string; items: Operand } | undefined
}
export type Node = TextNode | OutputNode | IfNode | CaseNode | ForNode | AssignNode | IncludeNode
