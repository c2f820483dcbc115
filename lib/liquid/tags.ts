import type { Tokenizer } from 'liquidjs'
import { expectEnd, type Report, readExpression } from './expression.ts'
import { fault } from './fault.ts'
import { include } from './include-tag.ts'
import type { TagMark } from './scan.ts'
import type { AssignNode, CaseNode, ForNode, IfNode, IncludeNode, Node, Operand } from './syntax.ts'
import { expectWord, readName, readOperand } from './tag-reading.ts'

/** A block tag while its content is read. */
export interface BlockState {
  node: Node
  /** Where the nodes of the current branch go. */
  body: Node[]
  /** Takes a tag such as `else`, which starts another branch; false when it is none of this block's. */
  middle(token: TagMark, report: Report): boolean
  close?(token: TagMark): void
}

function assign({ tokenizer }: TagMark, report: Report): AssignNode {
  const name = readName(tokenizer, 'The name after assign')
  tokenizer.skipBlank()
  if (tokenizer.peek() !== '=') throw fault('syntax', '"=" is expected here', tokenizer.p, tokenizer.p + 1)
  tokenizer.advance()
  return { node: 'assign', name, value: readExpression(tokenizer, report) }
}

function ifBlock(negated: boolean) {
  return (token: TagMark, report: Report): BlockState => {
    const node: IfNode = {
      node: 'if',
      branches: [{ test: readExpression(token.tokenizer, report), negated, body: [] }],
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
            test: readExpression(tag.tokenizer, report),
            negated: false,
            body: state.body,
          })
        } else {
          expectEnd(tag.tokenizer)
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
    value: readExpression(token.tokenizer, report),
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
        node.branches.push({ values: readChoices(tag.tokenizer), body: state.body })
      } else {
        expectEnd(tag.tokenizer)
        closed = true
        state.body = node.otherwise
      }
      return true
    },
  }
  return state
}

function readChoices(tokenizer: Tokenizer): Operand[] {
  const values = [readOperand(tokenizer)]
  for (;;) {
    tokenizer.skipBlank()
    if (tokenizer.end()) return values
    if (tokenizer.peek() === ',') tokenizer.advance()
    else expectWord(tokenizer, 'or')
    values.push(readOperand(tokenizer))
  }
}

function forBlock(token: TagMark): BlockState {
  const { tokenizer } = token
  const variable = readName(tokenizer, 'The name after for')
  expectWord(tokenizer, 'in')
  const node: ForNode = {
    node: 'for',
    variable,
    items: readOperand(tokenizer),
    limit: undefined,
    offset: undefined,
    reversed: false,
    body: [],
    otherwise: [],
    start: token.begin,
    end: token.end,
  }
  readModifiers(tokenizer, node)
  const state: BlockState = {
    node,
    body: node.body,
    middle(tag) {
      if (tag.name !== 'else' || state.body === node.otherwise) return false
      expectEnd(tag.tokenizer)
      state.body = node.otherwise
      return true
    },
  }
  return state
}

function readModifiers(tokenizer: Tokenizer, node: ForNode): void {
  for (;;) {
    tokenizer.skipBlank()
    if (tokenizer.peek() === ',') tokenizer.advance()
    tokenizer.skipBlank()
    if (tokenizer.end()) return
    const word = tokenizer.readIdentifier()
    if (word.content === 'reversed') {
      node.reversed = true
      continue
    }
    tokenizer.skipBlank()
    if ((word.content !== 'limit' && word.content !== 'offset') || tokenizer.peek() !== ':') {
      throw fault(
        'syntax',
        'Here can stand: reversed, limit: n, offset: n',
        word.begin,
        Math.max(word.end, word.begin + 1),
      )
    }
    tokenizer.advance()
    node[word.content] = readOperand(tokenizer)
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
