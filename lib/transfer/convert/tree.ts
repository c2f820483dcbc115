/*
 * What a text says, whatever language it was written in: each language is parsed into this tree, and one writer
 * turns it into Liquid. White space is settled by whoever parses: a text node is exactly what is sent.
 */

export type ValueType = 'string' | 'number' | 'boolean' | 'array' | 'object' | 'unknown'

/** A name that the text itself makes: the item of a loop, or what is assigned. */
export interface Local {
  /** What it is called if nothing else has that name. */
  hint: string
  type: ValueType
}

export type LoopField = 'index' | 'index0' | 'rindex' | 'rindex0' | 'first' | 'last' | 'length'

/** One loop, so that what is inside can refer to it. */
export interface Loop {
  item: Local
  /** It goes over the members of an object; the item is a [key, value] pair. */
  isPairs: boolean
  /** What loops inside of it read of it; the writer finds them. */
  readInside: Map<LoopField, Local>
}

export type CompareOperator = '==' | '!=' | '<' | '>' | '<=' | '>=' | 'contains'

export type Expression =
  | { is: 'value'; value: string | number | boolean | null }
  /** A variable of the prompt; `at` is an offset in the source. */
  | { is: 'variable'; name: string; at: number }
  | { is: 'local'; local: Local }
  | { is: 'member'; of: Expression; key: Expression }
  | { is: 'loop'; loop: Loop; field: LoopField }
  /** A filter of Liquid. */
  | { is: 'filter'; of: Expression; name: string; args: Expression[]; named?: [string, Expression][] }
  | { is: 'compare'; operator: CompareOperator; left: Expression; right: Expression }
  /** Only whether it is true matters. */
  | { is: 'and' | 'or'; items: Expression[] }
  | { is: 'not'; of: Expression }
  /** Whether there is a value at all. */
  | { is: 'given'; of: Expression }
  | { is: 'choose'; test: Expression; held: Expression; otherwise: Expression }
  /** Whole numbers from one to another, both included: what a loop can go over. */
  | { is: 'range'; from: Expression; to: Expression }

export interface IfNode {
  is: 'if'
  branches: { test: Expression; body: Node[] }[]
  otherwise: Node[]
  /** Its tags stand on lines of their own; the writer finds that. */
  hasLines?: boolean
}
export interface ForNode {
  is: 'for'
  loop: Loop
  items: Expression
  body: Node[]
  otherwise: Node[]
  hasLines?: boolean
}
export type Node =
  | { is: 'text'; text: string }
  | { is: 'output'; value: Expression }
  | IfNode
  | ForNode
  /** A name of the source keeps its name here, so that it is an input until it is assigned. */
  | { is: 'assign'; to: Local | string; value: Expression }
  | { is: 'include'; name: string; args: [string, Expression][] }
  | { is: 'comment'; text: string }
  /** What the source tells of a value; nothing is written. */
  | { is: 'evidence'; of: Expression; type: Exclude<ValueType, 'unknown'> }
  /** A message of a chat begins here, or stands here. */
  | { is: 'role'; role: 'system' | 'user' | 'assistant' }
  | { is: 'placeholder'; name: string }

/** What the source counts as true besides what Liquid does: the engines differ in empty values. */
export type Truth =
  /** False: nothing, false, 0, "" */
  | 'script'
  /** … and an empty list */
  | 'mustache'
  /** … and an empty list or object */
  | 'python'

/** What a parser found. */
export interface Tree {
  nodes: Node[]
  truth: Truth
}

export function value(of: string | number | boolean | null): Expression {
  return { is: 'value', value: of }
}

export function member(of: Expression, key: string | number): Expression {
  return { is: 'member', of, key: value(key) }
}

export function filter(of: Expression, name: string, ...args: Expression[]): Expression {
  return { is: 'filter', of, name, args }
}

export function newLoop(hint: string, isPairs = false): Loop {
  return { item: { hint, type: isPairs ? 'array' : 'unknown' }, isPairs, readInside: new Map() }
}

/** Joins texts that stand side by side, and leaves empty ones out. */
export function addText(nodes: Node[], text: string): void {
  if (text === '') return
  const last = nodes.at(-1)
  if (last?.is === 'text') last.text += text
  else nodes.push({ is: 'text', text })
}

/** `and` and `or` give one of their values, where that is asked, and not only whether it is true. */
export function asValue(expression: Expression): Expression {
  if (expression.is !== 'and' && expression.is !== 'or') return expression
  const [first, ...rest] = expression.items
  if (!first || rest.length === 0) return first ?? value('')
  const other = asValue({ is: expression.is, items: rest })
  const left = asValue(first)
  return expression.is === 'or'
    ? { is: 'choose', test: left, held: left, otherwise: other }
    : { is: 'choose', test: left, held: other, otherwise: left }
}
