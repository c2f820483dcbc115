import { type Expression, filter, type Local, type Node, value } from '../../tree.ts'

/**
 * Nodes that put what others would write under a name, piece by piece: there is no tag here that keeps a text.
 * @param refuse hears of what has no text that could be kept
 */
export function captured(nodes: readonly Node[], to: Local, refuse: (what: string) => void): Node[] {
  const start: Node = { is: 'assign', to, value: value('') }
  return [start, ...nodes.map((node) => pieceOf(node, to, refuse))]
}

function pieceOf(node: Node, to: Local, refuse: (what: string) => void): Node {
  const all = (inner: readonly Node[]) => inner.map((each) => pieceOf(each, to, refuse))
  switch (node.is) {
    case 'text':
      return added(to, value(node.text))
    case 'output':
      return added(to, node.value)
    case 'if':
      return {
        ...node,
        branches: node.branches.map(({ test, body }) => ({ test, body: all(body) })),
        otherwise: all(node.otherwise),
      }
    case 'for':
      return { ...node, body: all(node.body), otherwise: all(node.otherwise) }
    case 'include':
      refuse('another text')
      return node
    default:
      return node
  }
}

function added(to: Local, text: Expression): Node {
  return { is: 'assign', to, value: filter({ is: 'local', local: to }, 'append', text) }
}
