import type { ErrorDetail } from '../../errors.ts'
import { type Budget, WIDEST_TEXT_LIMITS } from '../../liquid/budget.ts'
import { type Fault, isFault, rangesIn } from '../../liquid/fault.ts'
import { parse } from '../../liquid/parse.ts'
import type { Expression, IncludeNode, Node, Operand, Span } from '../../liquid/syntax.ts'
import type { IncludedPrompt, IncludeTree } from '../../liquid/types.ts'

/** A text, and what it may refer to. */
export interface PlainSource {
  readonly text: string
  /** Whether it is a literal text. */
  readonly isLiteral: boolean
  readonly includes: IncludeTree
  /** Where it stands in the version. */
  readonly path: readonly (string | number)[]
  /** Of all texts of the version: texts that include each other many times become as large as nobody can send. */
  readonly budget: Budget
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
export function plainText(source: PlainSource): PlainText {
  const writer = new Writer(source)
  try {
    writer.run(source)
  } catch (error) {
    if (!isFault(error)) throw error
    return { text: '', problems: [...writer.problems, tooLarge(source, error)] }
  }
  return { text: writer.text.replaceAll(PLACE, '{{$1}}'), problems: writer.problems }
}

function tooLarge({ path }: PlainSource, { code, message }: Fault): ErrorDetail {
  const hint = 'Let it include less, or include it less often.'
  return { path: [...path], code: `langfuse_${code}`, message: `Written out: ${message}`, hint }
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
  readonly #budget: Budget
  /** Texts that are included are parsed once. */
  readonly #parsed = new Map<IncludedPrompt, readonly Node[]>()
  /** The include of the outermost text that is being written out, for its place. */
  #within: IncludeNode | undefined

  constructor({ text, path, budget }: PlainSource) {
    this.#source = text
    this.#path = [...path]
    this.#rangeOf = rangesIn(text)
    this.#budget = budget
  }

  /** @throws a fault when the budget is used up */
  run({ text, isLiteral, includes }: PlainSource): void {
    if (isLiteral) this.#add(text)
    else this.#write(parse(text, WIDEST_TEXT_LIMITS).nodes, includes, undefined)
    this.#checkBraces()
  }

  #add(text: string): void {
    this.#budget.spendOutput(Buffer.byteLength(text))
    this.text += text
  }

  /** @param names undefined: every name stands for itself, in the outermost text */
  #write(nodes: readonly Node[], includes: IncludeTree, names: Names | undefined): void {
    this.#budget.spend(NODE * nodes.length)
    for (const node of nodes) {
      if (node.node === 'text') this.#add(node.text)
      else if (node.node === 'output') this.#output(node.value, names)
      else if (node.node === 'include') this.#include(node, includes, names)
      else this.#tag(node)
    }
  }

  #output(value: Expression, names: Names | undefined): void {
    const found = value.filters.length > 0 ? undefined : this.#valueOf(value.single, names)
    if (found !== undefined) this.#add(found)
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
    this.#budget.spend(INCLUDE)
    const isOutermost = this.#within === undefined
    this.#within ??= node
    const given = this.#given(node, prompt, names)
    if (prompt.format === 'text') this.#add(prompt.text)
    else this.#write(this.#nodesOf(prompt), prompt.includes, given)
    if (isOutermost) this.#within = undefined
  }

  #nodesOf(prompt: IncludedPrompt): readonly Node[] {
    const nodes = this.#parsed.get(prompt) ?? parse(prompt.text, WIDEST_TEXT_LIMITS).nodes
    this.#parsed.set(prompt, nodes)
    return nodes
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
  #checkBraces(): void {
    if (this.problems.length > 0) return
    if (!/\{[{\0]/.test(this.text)) return
    const at = this.#source.search(/\{%-?\s*raw\b|\{\{\{|\{\{/)
    const message = 'Braces that are meant as they are would be taken for the place of a value'
    const range = at < 0 ? undefined : this.#rangeOf(at, at + 2)
    this.problems.push(this.#detail('langfuse_braces', message, range))
  }
}

/** Work that writing takes, as a render counts it: of each mark or text between two, and of each include. */
const NODE = 10
const INCLUDE = 200

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

/** A value as it stands in a text; undefined for one that has no such form. */
function asText(value: unknown): string | undefined {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}
