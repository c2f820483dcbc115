import { TAGS_ELSEWHERE } from './dialects/known-names.ts'
import { nearest } from './dialects/nearest.ts'
import { type Found, type Report, readExpression, readPlainPath } from './expression.ts'
import { DEPTH_LIMIT, ENGINE_LIMIT, type Fault, fault, isFault, rangesIn } from './fault.ts'
import { Reader } from './reader.ts'
import { type OutputMark, scan, type TagMark } from './scan.ts'
import type { IncludeNode, Node } from './syntax.ts'
import { BLOCK_TAGS, type BlockState, SIMPLE_TAGS, TAG_NAMES } from './tags.ts'
import { textProblem, utf8Length } from './text.ts'
import type { TextLimits } from './types.ts'

/** A parsed text; when there are problems, the nodes are what could be read before the first fatal one. */
export interface Parsed {
  nodes: Node[]
  problems: Found[]
  /** Names that `assign` sets somewhere: reading one before it is set gives nil. */
  assigned: ReadonlySet<string>
  /** Every `render` tag. */
  includes: readonly IncludeNode[]
}

/** Most problems that are reported for one text, besides the one that ends its reading. */
const MAX_PROBLEMS = 20

/** Parses one template text. Never throws: what is wrong is in `problems`, with its exact place. */
export function parse(text: string, limits: TextLimits): Parsed {
  const parser = new Parser(text, limits)
  try {
    refuseUnusable(text)
    parser.run()
  } catch (error) {
    parser.add(toFault(error))
  }
  const { nodes, problems, assigned, includes } = parser
  return { nodes, problems, assigned, includes }
}

/** A literal text as a parse would give it: one node, in which nothing can be wrong. */
export function literal(text: string): Parsed {
  return { nodes: text === '' ? [] : [textNode(text)], problems: [], assigned: new Set(), includes: [] }
}

function refuseUnusable(text: string): void {
  const problem = textProblem(text)
  if (!problem) return
  const start = text.search(problem.code === 'nul_character' ? /\0/ : /\p{Surrogate}/u)
  throw fault(problem.code, problem.message, start, start + 1)
}

function textNode(text: string): Node {
  return { node: 'text', text, bytes: utf8Length(text) }
}

/** An open block tag and the place where its current body goes. */
interface Open {
  tag: TagMark
  state: BlockState
}

class Parser {
  readonly nodes: Node[] = []
  readonly problems: Found[] = []
  readonly assigned = new Set<string>()
  readonly includes: IncludeNode[] = []
  readonly #text: string
  readonly #limits: TextLimits
  readonly #range: ReturnType<typeof rangesIn>
  readonly #open: Open[] = []
  /** Where nodes go now. */
  #body: Node[] = this.nodes

  constructor(text: string, limits: TextLimits) {
    this.#text = text
    this.#limits = limits
    this.#range = rangesIn(text)
  }

  /** Adds what ended the reading. */
  add({ code, message, start = 0, end = this.#text.length, hint }: Fault): void {
    this.#push(code, message, start, end, hint)
  }

  #report: Report = (...found) => {
    if (this.problems.length < MAX_PROBLEMS) this.#push(...found)
  }

  #push(code: string, message: string, start: number, end: number, hint?: string): void {
    const range = this.#range(Math.max(0, start), Math.min(end, this.#text.length))
    this.problems.push({ code, message, range, ...(hint ? { hint } : {}) })
  }

  run(): void {
    for (const mark of scan(this.#text, this.#limits.tags)) {
      if (mark.mark === 'text') this.#body.push(textNode(mark.text))
      else if (mark.mark === 'output') this.#output(mark)
      else this.#tag(mark)
    }
    const last = this.#open.at(-1)
    if (last) throw fault('open_tag', `{% ${last.tag.name} %} is not closed`, last.tag.begin, last.tag.end)
  }

  #output({ begin, end, content }: OutputMark): void {
    if (content[0] >= content[1]) throw fault('missing_value', 'A value is expected here', begin, end)
    const plainPath = readPlainPath(this.#text, content)
    const value = plainPath ?? readExpression(new Reader(this.#text, content), this.#report)
    this.#body.push({ node: 'output', value })
  }

  #tag(tag: TagMark): void {
    const top = this.#open.at(-1)
    if (top && tag.name === `end${top.tag.name}`) {
      this.#open.pop()
      this.#body = this.#open.at(-1)?.state.body ?? this.nodes
    } else if (top?.state.middle(tag, this.#report)) this.#body = top.state.body
    else this.#start(tag)
  }

  #start(tag: TagMark): void {
    const simple = SIMPLE_TAGS.get(tag.name)
    if (simple) {
      const node = simple(tag, this.#report)
      if (node.node === 'assign') this.assigned.add(node.name)
      else this.includes.push(node)
      this.#body.push(node)
      return
    }
    const block = BLOCK_TAGS.get(tag.name)
    if (!block) throw unknownTag(tag)
    const most = this.#limits.depth
    if (this.#open.length >= most) {
      const message = `Tags are nested deeper than ${most} levels (limits.template_depth)`
      throw fault(DEPTH_LIMIT, message, tag.begin, tag.end)
    }
    const state = block(tag, this.#report)
    this.#body.push(state.node)
    this.#open.push({ tag, state })
    this.#body = state.body
  }
}

function unknownTag(tag: TagMark): Fault {
  const { name, begin, end } = tag
  const known = TAGS_ELSEWHERE.get(name)
  if (name.startsWith('end') || name === 'else' || name === 'elsif' || name === 'when') {
    return fault('unexpected_tag', `{% ${name} %} does not belong here`, begin, end, known)
  }
  const near = nearest(name, TAG_NAMES)
  const message = `There is no tag "${name}"; the tags are ${TAG_NAMES.join(', ')}`
  return fault('unknown_tag', message, begin, end, known ?? (near && `Did you mean {% ${near} %}?`))
}

function toFault(error: unknown): Fault {
  if (isFault(error)) return error
  if (error instanceof RangeError) return fault(ENGINE_LIMIT, 'The template is nested too deeply')
  throw error
}
