import type { ErrorDetail } from '../../errors.ts'
import { Analyser } from '../../liquid/analyse.ts'
import { WIDEST_TEXT_LIMITS } from '../../liquid/budget.ts'
import { refusedTemplate } from '../../liquid/fault.ts'
import { Linker } from '../../liquid/link.ts'
import { literal, type Parsed, parse } from '../../liquid/parse.ts'
import type { Unit } from '../../liquid/run.ts'
import type { IncludeTree } from '../../liquid/types.ts'
import type { ContentPart, Message, PromptContent, PromptKind } from '../content/content.ts'
import { type VariableTable, variableTable } from '../variables/variable-values.ts'
import type { PromptSource } from './types.ts'
import { checkedUri } from './uri.ts'

/** One templated text, ready to run. */
export interface CompiledField {
  path: (string | number)[]
  text: string
  unit: Unit
}

/** Gives the text of a field in one render. */
export type RenderField = (field: CompiledField) => string

export interface CompiledMessage {
  role: Message['role']
  /** Makes the message's content from its rendered fields. */
  build: (render: RenderField) => Message['content']
}

/** Where the messages of a value go. */
export interface CompiledPlaceholder {
  placeholder: string
}

/** A prompt that was parsed once and can be rendered many times. It holds no state and may be cached. */
export interface CompiledPrompt {
  readonly kind: PromptKind
  readonly variables: VariableTable
  /** Its templated texts, for messages about them. */
  readonly texts: readonly string[]
  readonly messages: readonly (CompiledMessage | CompiledPlaceholder)[]
}

/**
 * Parses a prompt and everything it includes. The limits of texts hold when they are checked.
 * @throws AppError unprocessable with every problem and its place; too_large for what no configuration allows
 */
export function compile({ content, variables, includes }: PromptSource): CompiledPrompt {
  const read = (text: string) => (content.format === 'text' ? literal(text) : parse(text, WIDEST_TEXT_LIMITS))
  const compiler = new Compiler(includes, read)
  const messages = compiler.content(content)
  if (compiler.problems.length > 0) {
    throw refusedTemplate('The template is not valid', compiler.problems)
  }
  const isLiteral = content.format === 'text'
  const texts = isLiteral ? [] : compiler.texts
  const table = variableTable(variables, () => jsonOnly(texts), isLiteral)
  return { kind: content.kind, variables: table, texts, messages }
}

/** Variables that the texts only write as JSON. */
function jsonOnly(texts: readonly string[]): ReadonlySet<string> {
  const analyser = new Analyser()
  for (const text of texts) analyser.add(parse(text, WIDEST_TEXT_LIMITS), [], text)
  return analyser.result().jsonOnly
}

class Compiler {
  readonly problems: ErrorDetail[] = []
  readonly texts: string[] = []
  readonly #linker = new Linker(WIDEST_TEXT_LIMITS.includeDepth)
  readonly #tree: IncludeTree
  readonly #parse: (text: string) => Parsed

  constructor(tree: IncludeTree, read: (text: string) => Parsed) {
    this.#tree = tree
    this.#parse = read
  }

  content(content: PromptContent): CompiledPrompt['messages'] {
    if (content.kind === 'text') {
      const field = this.#field(content.template_content, ['template_content'])
      this.problems.push(...this.#linker.problems)
      return [{ role: 'user', build: (render) => render(field) }]
    }
    const messages = content.messages.map((message, index) =>
      'type' in message
        ? { placeholder: message.name }
        : { role: message.role, build: this.#message(message.content, ['messages', index, 'content']) },
    )
    this.problems.push(...this.#linker.problems)
    return messages
  }

  #field(text: string, path: (string | number)[]): CompiledField {
    const parsed = this.#parse(text)
    this.texts.push(text)
    for (const problem of parsed.problems) this.problems.push({ ...problem, path })
    return { path, text, unit: this.#linker.link(parsed, path, text, this.#tree) }
  }

  #message(content: Message['content'], path: (string | number)[]): CompiledMessage['build'] {
    if (typeof content === 'string') {
      const field = this.#field(content, path)
      return (render) => render(field)
    }
    const parts = content.map((part, index) => this.#part(part, [...path, index]))
    return (render) => parts.map((build) => build(render))
  }

  #part(part: ContentPart, path: (string | number)[]): (render: RenderField) => ContentPart {
    switch (part.type) {
      case 'text': {
        const text = this.#field(part.text, [...path, 'text'])
        return (render) => ({ ...part, text: render(text) })
      }
      case 'resource_link': {
        const uri = this.#field(part.uri, [...path, 'uri'])
        return (render) => ({ ...part, uri: checkedUri(render(uri), uri.path) })
      }
      case 'resource': {
        const { resource } = part
        const uri = this.#field(resource.uri, [...path, 'resource', 'uri'])
        if (resource.text === undefined) {
          return (render) => ({ ...part, resource: { ...resource, uri: checkedUri(render(uri), uri.path) } })
        }
        const text = this.#field(resource.text, [...path, 'resource', 'text'])
        return (render) => ({
          ...part,
          resource: { ...resource, uri: checkedUri(render(uri), uri.path), text: render(text) },
        })
      }
      case 'image':
      case 'audio':
        return () => part
    }
  }
}
