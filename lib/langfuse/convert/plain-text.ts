import type { ErrorDetail } from '../../errors.ts'
import { WIDEST_TEXT_LIMITS } from '../../liquid/budget.ts'
import { rangesIn } from '../../liquid/fault.ts'
import { parse } from '../../liquid/parse.ts'
import type { Expression, IncludeNode, Node, Operand, Span } from '../../liquid/syntax.ts'
import type { IncludedPrompt, IncludeTree } from '../../liquid/types.ts'
import { asText } from './as-text.ts'

/** A text, and what it may refer to. */
export interface PlainSource {
  readonly text: string
  /** Whether it is a literal text. */
  readonly isLiteral: boolean
  readonly includes: IncludeTree
  /** Where it stands in the version. */
  readonly path: readonly (string | number)[]
}

/** A text as Langfuse has it, and what of it cannot be said there. */
export interface PlainText {
  readonly text: string
  readonly problems: ErrorDetail[]
}

/** What a name stands for in a text: a text, with a place where another name is left to fill in. */
type Names = ReadonlyMap<string, string>

/**
 * Writes a text for clients that know one thing alone, to put a value in the place of its name: `{{ name }}` becomes
 * `{{name}}`, and what is included is written out. What else there is, is a problem with its place.
 */
export function plainText({ text, isLiteral, includes, path }: PlainSource): PlainText {
  const writer = new Writer(text, path)
  if (isLiteral) writer.literal(text)
  else writer.write(parse(text, WIDEST_TEXT_LIMITS).nodes, includes, undefined)
  writer.checkBraces()
  return { text: writer.text.replaceAll(PLACE, '{{$1}}'), problems: writer.problems }
}

/** The place of a value while the text is written: no text of ours has a NUL, so that it is taken for nothing else. */
const place = (name: string) => `\0${name}\0`
const PLACE = /\0(\w+)\0/g

const REMEDY = 'Move it out of this prompt, or render the prompt here: POST /api/prompts/{name}/render.'

class Writer {
  text = ''
  readonly problems: ErrorDetail[] = []
  readonly #path: (string | number)[]
  readonly #rangeOf: ReturnType<typeof rangesIn>
  readonly #source: string
  /** The include of the outermost text that is being written out, for its place. */
  #within: IncludeNode | undefined

  constructor(source: string, path: readonly (string | number)[]) {
    this.#source = source
    this.#path = [...path]
    this.#rangeOf = rangesIn(source)
  }

  literal(text: string): void {
    this.text += text
  }

  /** @param names undefined: every name stands for itself, in the outermost text */
  write(nodes: readonly Node[], includes: IncludeTree, names: Names | undefined): void {
    for (const node of nodes) {
      if (node.node === 'text') this.text += node.text
      else if (node.node === 'output') this.#output(node.value, names)
      else if (node.node === 'include') this.#include(node, includes, names)
      else this.#tag(node)
    }
  }

  #output(value: Expression, names: Names | undefined): void {
    const found = value.filters.length > 0 ? undefined : this.#valueOf(value.single, names)
    if (found !== undefined) this.text += found
    else if (value.filters.length > 0) this.#problem('filter', 'A filter', value)
    else this.#problem('expression', 'More than the name of a variable', value)
  }

  /** What an operand stands for; undefined when that cannot be said in Langfuse. */
  #valueOf(operand: Operand | undefined, names: Names | undefined): string | undefined {
    if (operand?.op === 'const') return asText(operand.value)
    if (operand?.op !== 'path' || operand.base !== undefined || operand.keys.length > 0) return undefined
    return names === undefined ? place(operand.root) : (names.get(operand.root) ?? '')
  }

  #include(node: IncludeNode, includes: IncludeTree, names: Names | undefined): void {
    const prompt = includes.get(node.ref)
    if (prompt === undefined) return this.#problem('include', `The include "${node.ref}"`, node)
    if (node.each !== undefined) return this.#problem('include', 'An include for each of a list', node)
    const isOutermost = this.#within === undefined
    this.#within ??= node
    const given = this.#given(node, prompt, names)
    if (prompt.format === 'text') this.literal(prompt.text)
    else this.write(parse(prompt.text, WIDEST_TEXT_LIMITS).nodes, prompt.includes, given)
    if (isOutermost) this.#within = undefined
  }

  /** What the names of an included text stand for: what is passed, else their defaults, else nothing. */
  #given(node: IncludeNode, { variables }: IncludedPrompt, names: Names | undefined): Names {
    const given = new Map<string, string>()
    for (const { name, default: value } of variables) given.set(name, asText(value ?? null) ?? '')
    for (const { name, value } of node.args) {
      const found = this.#valueOf(value, names)
      if (found === undefined) this.#problem('include', `What is passed as "${name}"`, node)
      else given.set(name, found)
    }
    return given
  }

  #tag(node: Exclude<Node, { node: 'text' | 'output' | 'include' }>): void {
    this.#problem('tag', `{% ${node.node} %}`, spanOf(node))
  }

  #problem(code: string, what: string, { start, end }: Span): void {
    const within = this.#within
    const span = within ?? { start, end }
    const message = `${what}${within === undefined ? '' : ` in "${within.ref}"`} cannot be said to Langfuse’s clients`
    const range = this.#rangeOf(span.start, span.end)
    if (this.problems.length < MOST) this.problems.push(this.#detail(`langfuse_${code}`, message, range))
  }

  #detail(code: string, message: string, range: ErrorDetail['range']): ErrorDetail {
    return { path: this.#path, code, message, ...(range && { range }), hint: REMEDY }
  }

  /** Two braces that are no place for a value would be taken for one. */
  checkBraces(): void {
    if (this.problems.length > 0) return
    if (!/\{[{\0]/.test(this.text)) return
    const at = this.#source.search(/\{%-?\s*raw\b|\{\{\{|\{\{/)
    const message = 'Braces that are meant as they are would be taken for the place of a value'
    const range = at < 0 ? undefined : this.#rangeOf(at, at + 2)
    this.problems.push(this.#detail('langfuse_braces', message, range))
  }
}

/** Most problems of one text that are told. */
const MOST = 20

function spanOf(node: Exclude<Node, { node: 'text' | 'output' | 'include' }>): Span {
  switch (node.node) {
    case 'if':
      return node.branches[0]?.test ?? NOWHERE
    case 'for':
      return node
    default:
      return node.value
  }
}

const NOWHERE: Span = { start: 0, end: 0 }
