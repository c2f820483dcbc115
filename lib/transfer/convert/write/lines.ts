import type { ForNode, IfNode, Node } from '../tree.ts'

/*
 * A tag that had a line for itself gets one again. What the engine drops is the line break behind the tag; here a
 * dash drops the one before it. So each break moves from before a block to behind it, and within its branches from
 * the end to the beginning: `a⏎` + (`b⏎`)* + `c` is `a` + (`⏎b`)* + `⏎c`.
 */

/** The same text, in which blocks that consist of whole lines are written on lines of their own. */
export function onLines(nodes: readonly Node[]): Node[] {
  const made: Node[] = []
  for (const node of nodes) {
    const last = made.at(-1)
    if (isBlock(node) && isWhole(node) && last?.is === 'text' && endsWithOneBreak(last.text)) {
      made[made.length - 1] = { is: 'text', text: last.text.slice(0, -1) }
      made.push(turnedBlock(node), { is: 'text', text: '\n' })
    } else if (node.is === 'text' && last?.is === 'text')
      made[made.length - 1] = { is: 'text', text: last.text + node.text }
    else made.push(isBlock(node) ? within(node, onLines) : node)
  }
  return made.filter((node) => node.is !== 'text' || node.text !== '')
}

type Block = IfNode | ForNode

function isBlock(node: Node): node is Block {
  return node.is === 'if' || node.is === 'for'
}

/** A dash drops all white space, so there may be none but the break; nor may a line be empty. */
function endsWithOneBreak(text: string): boolean {
  return text.endsWith('\n') && text.length - text.trimEnd().length === 1
}

function bodiesOf(block: Block): Node[][] {
  return block.is === 'if'
    ? [...block.branches.map(({ body }) => body), block.otherwise]
    : [block.body, block.otherwise]
}

/** Whether what a block writes is always whole lines, or nothing. */
function isWhole(block: Block): boolean {
  return bodiesOf(block).every(isWholeLines)
}

function isWholeLines(nodes: readonly Node[]): boolean {
  for (let at = nodes.length - 1; at >= 0; at--) {
    const node = nodes[at] as Node
    if (node.is === 'text') {
      const before = nodes[at - 1]?.is
      return (
        endsWithOneBreak(node.text) && (node.text.length > 1 || before === 'output' || before === 'include')
      )
    }
    // A block may write nothing: then what stands before it ends the lines.
    if (!isBlock(node) || !isWhole(node)) return false
  }
  return true
}

function within(block: Block, change: (nodes: readonly Node[]) => Node[]): Block {
  if (block.is === 'for') return { ...block, body: change(block.body), otherwise: change(block.otherwise) }
  const branches = block.branches.map(({ test, body }) => ({ test, body: change(body) }))
  return { ...block, branches, otherwise: change(block.otherwise) }
}

function turnedBlock(block: Block): Block {
  return { ...within(block, turned), hasLines: true }
}

/** Whole lines, each with its break at the beginning. */
function turned(nodes: readonly Node[]): Node[] {
  const behind: Node[] = []
  let at = nodes.length - 1
  for (let node = nodes[at]; node && isBlock(node); node = nodes[--at]) behind.unshift(turnedBlock(node))
  const last = nodes[at]
  if (last?.is !== 'text') return behind
  const before = onLines([
    { is: 'text', text: '\n' },
    ...nodes.slice(0, at),
    { is: 'text', text: last.text.slice(0, -1) },
  ])
  return [...before, ...behind]
}
