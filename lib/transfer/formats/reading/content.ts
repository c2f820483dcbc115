import type { ContentPart, PromptMessage } from '../../../prompts/content/content.ts'
import type { VariableInput } from '../../../prompts/variables/variables.ts'
import type { ConvertedMessages, ConvertedText, RefusedText, SourceLanguage } from '../../convert/convert.ts'
import type { Conversion, SourceNote, SourceVersion } from '../../source.ts'
import { inRaw } from './raw.ts'

export type Role = 'system' | 'user' | 'assistant'

/** A text in the language of its source. */
export interface SourceText {
  text: string
  language: SourceLanguage
  /** The language is a guess: a text that is not of it stays as it is. */
  isGuess?: boolean
  /** How the source has it, where the reader of the format has changed it. */
  original?: string
  /** What is to be done with the text in Liquid. */
  after?: ((liquid: string) => string) | undefined
  /** From a line of the text, counted from 1, to one of the file. */
  line?: ((line: number) => number | undefined) | undefined
}

/** A part of a message: a text to convert, or what is taken as it is. */
export type SourcePart = { text: SourceText } | { part: ContentPart }
export type SourceMessage =
  | { role: Role; content: SourceText | readonly SourcePart[] }
  | { placeholder: string; required?: boolean }
/** What a version says at its source. */
export type SourceContent = { text: SourceText } | { messages: readonly SourceMessage[] }

/** What became of it. */
export interface BuiltContent {
  content: Pick<SourceVersion, 'template_content'> | Pick<SourceVersion, 'messages'>
  format: 'liquid' | 'text'
  /** What the texts tell of their variables. */
  variables: VariableInput[]
  notes: SourceNote[]
  conversions: Conversion[]
}

/** @param beside the other texts of the version */
type ConvertText = (
  text: string,
  language: SourceLanguage,
  beside: readonly string[],
) => ConvertedText | ConvertedMessages | RefusedText
type Path = (string | number)[]

/** Converts every text of a content; all of them get one format. */
export function buildContent(
  content: SourceContent,
  convert: ConvertText,
): BuiltContent | { refused: SourceNote[] } {
  const work = new Work(convert)
  const made = 'text' in content ? work.whole(content.text) : work.chat(content.messages)
  return work.refused.length > 0 ? { refused: work.refused } : work.result(made)
}

type Made = string | PromptMessage[]

class Work {
  readonly #convert: ConvertText
  readonly #texts: { path: Path; text: string; isLiteral: boolean }[] = []
  readonly #variables = new Map<string, VariableInput>()
  readonly #notes: SourceNote[] = []
  readonly #conversions: Conversion[] = []
  #all: readonly string[] = []
  readonly refused: SourceNote[] = []

  constructor(convert: ConvertText) {
    this.#convert = convert
  }

  whole(source: SourceText): Made {
    const found = this.#read(source)
    if ('messages' in found) return this.#split(source, found)
    return this.#text(source, found, ['template_content'])
  }

  chat(messages: readonly SourceMessage[]): Made {
    this.#all = messages.flatMap(textsOf)
    return messages.map((message, index): PromptMessage => {
      if ('placeholder' in message) {
        const { placeholder: name, required } = message
        return { type: 'placeholder', name, ...(required === undefined ? {} : { required }) }
      }
      const path = ['messages', index, 'content']
      const { role, content } = message
      if (!isParts(content)) return { role, content: this.#text(content, this.#read(content), path) }
      return { role, content: content.map((part, at) => this.#part(part, [...path, at, 'text'])) }
    })
  }

  result(made: Made): BuiltContent {
    const isLiteral =
      this.#texts.length > 0 && this.#texts.every((text) => text.isLiteral || !hasBraces(text.text))
    const format = isLiteral && this.#texts.some((text) => text.isLiteral) ? 'text' : 'liquid'
    const content = typeof made === 'string' ? { template_content: made } : { messages: made }
    if (format === 'liquid') {
      for (const { path, text, isLiteral } of this.#texts)
        if (isLiteral) replaceAt(content, path, inRaw(text))
    }
    return {
      content,
      format,
      variables: [...this.#variables.values()],
      notes: this.#notes,
      conversions: this.#conversions,
    }
  }

  #part(part: SourcePart, path: Path): ContentPart {
    return 'part' in part
      ? part.part
      : { type: 'text', text: this.#text(part.text, this.#read(part.text), path) }
  }

  #read({ text, language, line, isGuess = false }: SourceText): ConvertedText | ConvertedMessages {
    const found = this.#convert(
      text,
      language,
      this.#all.filter((other) => other !== text),
    )
    const placed = (note: SourceNote) => atLine(note, line)
    if ('refused' in found && isGuess) {
      const [why] = found.refused.map(placed)
      const message = `It looked like ${language} and is not: ${why?.message ?? 'it cannot be read'}. The text stays as it is, its braces too`
      this.#notes.push({ ...why, message })
      return { text, format: 'text', variables: [], notes: [] }
    }
    if ('refused' in found) {
      this.refused.push(...found.refused.map(placed))
      return { text, format: 'text', variables: [], notes: [] }
    }
    this.#notes.push(...found.notes.map(placed))
    for (const variable of found.variables) {
      if (!this.#variables.has(variable.name)) this.#variables.set(variable.name, variable)
    }
    return found
  }

  /** A text that is a chat in one piece. */
  #split({ text, language }: SourceText, { messages, format }: ConvertedMessages): Made {
    const made = messages.map((message, index): PromptMessage => {
      if ('placeholder' in message) return { type: 'placeholder', name: message.placeholder, required: false }
      this.#texts.push({
        path: ['messages', index, 'content'],
        text: message.text,
        isLiteral: format === 'text',
      })
      return { role: message.role, content: message.text }
    })
    const after = messages.map((message) =>
      'placeholder' in message ? `[${message.placeholder}]` : `${message.role}: ${message.text}`,
    )
    this.#conversions.push({ path: ['messages'], language, before: text, after: after.join('\n\n') })
    return made
  }

  #text(source: SourceText, found: ConvertedText | ConvertedMessages, path: Path): string {
    const { text, original = text, language, after = (liquid) => liquid } = source
    const read = 'messages' in found ? joined(found) : found.text
    const whole = after(read)
    // What may be a template once, and has no braces now, is one already.
    const isLiteral = found.format === 'text' && whole === read && (!source.isGuess || hasBraces(whole))
    this.#texts.push({ path, text: whole, isLiteral })
    if (whole !== original) this.#conversions.push({ path, language, before: original, after: whole })
    return whole
  }
}

function isParts(content: SourceText | readonly SourcePart[]): content is readonly SourcePart[] {
  return Array.isArray(content)
}

function textsOf(message: SourceMessage): string[] {
  if ('placeholder' in message) return []
  const { content } = message
  if (!isParts(content)) return [content.text]
  return content.flatMap((part) => ('text' in part ? [part.text.text] : []))
}

/** Within one message there are no others. */
function joined({ messages }: ConvertedMessages): string {
  return messages.flatMap((message) => ('placeholder' in message ? [] : [message.text])).join('\n\n')
}

function atLine({ line, message }: SourceNote, lineOf: SourceText['line']): SourceNote {
  const found = line === undefined || lineOf === undefined ? line : lineOf(line)
  return found === undefined ? { message } : { line: found, message }
}

function hasBraces(text: string): boolean {
  return text.includes('{{') || text.includes('{%')
}

function replaceAt(content: object, path: Path, text: string): void {
  let holder = content as Record<string | number, unknown>
  for (const key of path.slice(0, -1)) holder = holder[key] as Record<string | number, unknown>
  const last = path.at(-1)
  if (last !== undefined) holder[last] = text
}
