import { defaultOperators, defaultOptions, Tokenizer, type TopLevelToken, TypeGuards } from 'liquidjs'
import { MAX_TEXT_LENGTH } from '../text.ts'
import { type Found, readExpression } from './expression.ts'
import { type Fault, fault, isFault, rangeIn } from './fault.ts'
import type { IncludeNode, Node } from './syntax.ts'
import type { TagToken } from './tag-reading.ts'
import { BLOCK_TAGS, type BlockState, SIMPLE_TAGS, TAG_NAMES } from './tags.ts'

/** A parsed text; when there are problems, the nodes are what could be read before the first fatal one. */
export interface Parsed {
  nodes: Node[]
  problems: Found[]
  /** Names that `assign` sets somewhere: reading one before it is set gives nil. */
  assigned: ReadonlySet<string>
  /** Every `render` tag. */
  includes: readonly IncludeNode[]
}

/** Deepest nesting of tags. */
const MAX_NESTING = 50

/** Most problems that are reported for one text. */
const MAX_PROBLEMS = 20

const OPTIONS = { ...defaultOptions, greedy: true }

/** Parses one template text. Never throws: what is wrong is in `problems`, with its exact place. */
export function parse(text: string): Parsed {
  const parser = new Parser(text)
  try {
    if (text.length > MAX_TEXT_LENGTH)
      throw fault('too_long', `A text has at most ${MAX_TEXT_LENGTH} characters`)
    parser.run()
  } catch (error) {
    parser.add(toFault(error, text))
  }
  const { nodes, problems, assigned, includes } = parser
  return { nodes, problems, assigned, includes }
}

/** An open block tag and the place where its current body goes. */
interface Open {
  token: TagToken
  state: BlockState
}

class Parser {
  readonly nodes: Node[] = []
  readonly problems: Found[] = []
  readonly assigned = new Set<string>()
  readonly includes: IncludeNode[] = []
  readonly #text: string
  readonly #open: Open[] = []
  /** Where nodes go now. */
  #body: Node[] = this.nodes

  constructor(text: string) {
    this.#text = text
  }

  add(found: Fault): void {
    this.#report(found.code, found.message, found.start ?? 0, found.end ?? this.#text.length)
  }

  #report = (code: string, message: string, start: number, end: number, hint?: string): void => {
    if (this.problems.length >= MAX_PROBLEMS) return
    const range = rangeIn(this.#text, Math.max(0, start), Math.min(end, this.#text.length))
    this.problems.push({ code, message, range, ...(hint ? { hint } : {}) })
  }

  run(): void {
    if (!this.#text.includes('{')) {
      if (this.#text !== '') this.nodes.push({ node: 'text', text: this.#text })
      return
    }
    const tokens = new Tokenizer(this.#text, defaultOperators).readTopLevelTokens(OPTIONS)
    for (let at = 0; at < tokens.length; at++) {
      const token = tokens[at] as TopLevelToken
      if (TypeGuards.isHTMLToken(token)) this.#addText(token.getContent())
      else if (TypeGuards.isOutputToken(token)) this.#output(token)
      else if (TypeGuards.isTagToken(token)) at = this.#tag(token, tokens, at)
    }
    const last = this.#open.at(-1)
    if (last)
      throw fault('open_tag', `{% ${last.token.name} %} is not closed`, last.token.begin, last.token.end)
  }

  #addText(text: string): void {
    if (text !== '') this.#body.push({ node: 'text', text })
  }

  #output(token: Extract<TopLevelToken, { content: string }>): void {
    const [start, end] = token.contentRange
    if (start >= end) throw fault('missing_value', 'A value is expected here', token.begin, token.end)
    const tokenizer = new Tokenizer(this.#text, defaultOperators, undefined, [start, end])
    this.#body.push({ node: 'output', value: readExpression(tokenizer, this.#report) })
  }

  /** Handles one tag and returns the index of the last token that belongs to it. */
  #tag(token: TagToken, tokens: TopLevelToken[], at: number): number {
    if (token.name === 'comment' || token.name === '#')
      return token.name === '#' ? at : skipTo('comment', tokens, at)
    if (token.name === 'raw') return this.#raw(tokens, at)
    const top = this.#open.at(-1)
    if (top && token.name === `end${top.token.name}`) {
      top.state.close?.(token)
      this.#open.pop()
      this.#body = this.#open.at(-1)?.state.body ?? this.nodes
      return at
    }
    if (top?.state.middle(token, this.#report)) {
      this.#body = top.state.body
      return at
    }
    this.#start(token)
    return at
  }

  #start(token: TagToken): void {
    const simple = SIMPLE_TAGS.get(token.name)
    if (simple) {
      const node = simple(token, this.#report)
      if (node.node === 'assign') this.assigned.add(node.name)
      else this.includes.push(node)
      this.#body.push(node)
      return
    }
    const block = BLOCK_TAGS.get(token.name)
    if (!block) throw unknownTag(token)
    if (this.#open.length >= MAX_NESTING) {
      throw fault('too_deep', `Tags are nested deeper than ${MAX_NESTING} levels`, token.begin, token.end)
    }
    const state = block(token, this.#report)
    this.#body.push(state.node)
    this.#open.push({ token, state })
    this.#body = state.body
  }

  #raw(tokens: TopLevelToken[], at: number): number {
    const end = skipTo('raw', tokens, at)
    for (const token of tokens.slice(at + 1, end)) this.#addText(token.getText())
    return end
  }
}

function skipTo(name: string, tokens: TopLevelToken[], at: number): number {
  for (let next = at + 1; next < tokens.length; next++) {
    const token = tokens[next]
    if (TypeGuards.isTagToken(token) && token.name === `end${name}`) return next
  }
  const token = tokens[at] as TopLevelToken
  throw fault('open_tag', `{% ${name} %} is not closed`, token.begin, token.end)
}

function unknownTag(token: TagToken): Fault {
  const { name, begin, end } = token
  if (name.startsWith('end') || name === 'else' || name === 'elsif' || name === 'when') {
    return fault('unexpected_tag', `{% ${name} %} does not belong here`, begin, end)
  }
  return fault('unknown_tag', `There is no tag "${name}"; the tags are ${TAG_NAMES.join(', ')}`, begin, end)
}

/** The tokenizer's own errors as faults: it knows where an error begins, its end is ours to find. */
function toFault(error: unknown, text: string): Fault {
  if (isFault(error)) return error
  if (error instanceof RangeError) return fault('too_deep', 'The template is nested too deeply')
  const { message, begin } = tokenizerError(error)
  const start = Math.min(begin ?? 0, text.length)
  return fault('syntax', message, start, endOfMark(text, start))
}

function tokenizerError(error: unknown): { message: string; begin: number | undefined } {
  if (!(error instanceof Error)) return { message: 'The template cannot be read', begin: undefined }
  const message = error.message.replace(/, line:\d+, col:\d+$/, '')
  const token: unknown = 'token' in error ? error.token : undefined
  const begin =
    typeof token === 'object' && token !== null && 'begin' in token ? Number(token.begin) : undefined
  return { message: message.charAt(0).toUpperCase() + message.slice(1), begin }
}

/** Up to the end of the tag or output, else of the line; never empty unless the text ends. */
function endOfMark(text: string, start: number): number {
  const close = text.slice(start).search(/[%}]\}|\n/)
  const end = close < 0 ? text.length : start + close
  return end > start ? end : Math.min(text.length, start + 1)
}
