import type { toString as textOf } from 'hast-util-to-string'

/** The parts of a tree of HTML, as the libraries that work on them have them. */
type Node = Parameters<typeof textOf>[0]
export type Root = Extract<Node, { type: 'root' }>
export type Element = Extract<Node, { type: 'element' }>
export type ElementContent = Element['children'][number]
