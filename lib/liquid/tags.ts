import { expectEnd, type Report, readExpression } from './expression.ts'
import { fault } from './fault.ts'
import { include } from './include-tag.ts'
import { expectWord, readName, readOperand } from './operand.ts'
import type { Reader } from './reader.ts'
import type { TagMark } from './scan.ts'
import type { AssignNode, CaseNode, ForNode, IfNode, IncludeNode, Node, Operand } from './syntax.ts'

/** A block tag while its content is read. */
export interface BlockState {
  node: Node
  /** Where the nodes of the current branch go. */
  body: Node[]
  /** Takes a tag such as `else`, which starts another branch; false when it is none of this block's. */
  middle(token: TagMark, report: Report): boolean
  close?(token: TagMark): void
}

function assign({ reader }: TagMark, report: Report): AssignNode {
  const name = readName(reader, 'The name after assign')
  const { position } = reader
  if (!reader.acceptAssignment()) throw fault('syntax', '"=" is expected here', position, position + 1)
  return { node: 'assign', name, value: readExpression(reader, report) }
}

function ifBlock(negated: boolean) {
  return (token: TagMark, report: Report): BlockState => {
    const node: IfNode = {
      node: 'if',
      branches: [{ test: readExpression(token.reader, report), negated, body: [] }],
      otherwise: [],
    }
    let closed = false
    const state: BlockState = {
      node,
      body: node.branches[0]?.body ?? [],
      middle(tag) {
        if (tag.name !== 'elsif' && tag.name !== 'else') return false
        if (closed) throw fault('unexpected_tag', `{% ${tag.name} %} after {% else %}`, tag.begin, tag.end)
        if (tag.name === 'elsif') {
          state.body = []
          node.branches.push({
            test: readExpression(tag.reader, report),
            negated: false,
            body: state.body,
          })
        } else {
          expectEnd(tag.reader)
          closed = true
          state.body = node.otherwise
        }
        return true
      },
    }
    return state
  }
}

function caseBlock(token: TagMark, report: Report): BlockState {
  const node: CaseNode = {
    node: 'case',
    value: readExpression(token.reader, report),
    branches: [],
    otherwise: [],
  }
  let closed = false
  const state: BlockState = {
    node,
    // What stands before the first branch belongs to none and is dropped, as in every Liquid.
    body: [],
    middle(tag) {
      if (tag.name !== 'when' && tag.name !== 'else') return false
      if (closed) throw fault('unexpected_tag', `{% ${tag.name} %} after {% else %}`, tag.begin, tag.end)
      if (tag.name === 'when') {
        state.body = []
        node.branches.push({ values: readChoices(tag.reader), body: state.body })
      } else {
        expectEnd(tag.reader)
        closed = true
        state.body = node.otherwise
      }
      return true
    },
  }
  return state
}

function readChoices(reader: Reader): Operand[] {
  const values = [readOperand(reader)]
  while (reader.next) {
    if (!reader.accept(',')) expectWord(reader, 'or')
    values.push(readOperand(reader))
  }
  return values
}

function forBlock(token: TagMark): BlockState {
  const { reader } = token
  const variable = readName(reader, 'The name after for')
  expectWord(reader, 'in')
  const node: ForNode = {
    node: 'for',
    variable,
    items: readOperand(reader),
    limit: undefined,
    offset: undefined,
    reversed: false,
    body: [],
    otherwise: [],
    start: token.begin,
    end: token.end,
  }
  readModifiers(reader, node)
  const state: BlockState = {
    node,
    body: node.body,
    middle(tag) {
      if (tag.name !== 'else' || state.body === node.otherwise) return false
      expectEnd(tag.reader)
      state.body = node.otherwise
      return true
    },
  }
  return state
}

function readModifiers(reader: Reader, node: ForNode): void {
  for (;;) {
    reader.accept(',')
    if (!reader.next) return
    const word = reader.identifier()
    if (word.text === 'reversed') {
      node.reversed = true
      continue
    }
    if ((word.text !== 'limit' && word.text !== 'offset') || !reader.accept(':')) {
      throw fault(
        'syntax',
        'Here can stand: reversed, limit: n, offset: n',
        word.start,
        Math.max(word.end, word.start + 1),
      )
    }
    node[word.text] = readOperand(reader)
  }
}

/** Tags that stand alone. */
export const SIMPLE_TAGS: ReadonlyMap<string, (token: TagMark, report: Report) => AssignNode | IncludeNode> =
  new Map<string, (token: TagMark, report: Report) => AssignNode | IncludeNode>([
    ['assign', assign],
    ['render', include],
  ])

/** Tags that have an end. */
export const BLOCK_TAGS: ReadonlyMap<string, (token: TagMark, report: Report) => BlockState> = new Map([
  ['if', ifBlock(false)],
  ['unless', ifBlock(true)],
  ['case', caseBlock],
  ['for', forBlock],
])

/** Every tag there is. */
export const TAG_NAMES: readonly string[] = [
  ...BLOCK_TAGS.keys(),
  ...SIMPLE_TAGS.keys(),
  'raw',
  'comment',
  '#',
]
