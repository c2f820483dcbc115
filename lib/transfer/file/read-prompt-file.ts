import { isJsonObject, type Json } from '../../liquid/json.ts'
import type { VariableInput } from '../../prompts/variables/variables.ts'
import type { TextPlace } from '../source.ts'
import { type FileParts, splitFile } from './front-matter.ts'
import { FIELDS, MARKER, type PromptFile, PromptFileError } from './prompt-file.ts'
import { readMessages } from './read-messages.ts'

export interface ReadFile {
  prompt: PromptFile
  /** Where its texts begin. */
  places: TextPlace[]
}

/**
 * Reads a prompt from a file. Its shape is checked; whether the prompt can be saved is for the server to say.
 * @param name of a file that says none itself
 * @throws PromptFileError with the line
 */
export function readPromptFile(file: string, name?: string): ReadFile {
  return readParts(splitFile(file), name)
}

/** The same of a file that was taken apart: by `splitFile`. */
export function readParts(parts: FileParts | undefined, name?: string): ReadFile {
  if (parts === undefined)
    throw new PromptFileError(1, 'A prompt file begins with a line "---", its fields and another line "---"')
  assertKnown(parts)
  const head = readHead(parts, name)
  const { body, bodyLine } = parts
  const text = body.endsWith('\n') ? body.slice(0, -1) : body
  if (textOf(parts, 'kind', ['text', 'chat']) !== 'chat')
    return {
      prompt: { ...head, template_content: text },
      places: [{ path: ['template_content'], line: bodyLine }],
    }
  const marker = textOf(parts, 'marker') ?? MARKER
  if (!/^\S{3,}$/.test(marker)) throw wrong(parts, 'marker', 'has three characters at least, and no space')
  const { messages, places } = readMessages(text, marker, bodyLine)
  return { prompt: { ...head, messages }, places }
}

/**
 * Whether a file that was taken apart is of this form for sure: all its fields are ours, and it has the name of its file or says what no
 * other form says.
 */
export function isPromptFile({ fields }: FileParts, name: string): boolean {
  return (
    Object.keys(fields).every((key) => KNOWN.has(key)) &&
    (fields['name'] === name || (typeof fields['name'] === 'string' && isOursAlone(fields)))
  )
}

function isOursAlone({ kind, publish }: Record<string, Json>): boolean {
  return (
    kind === 'chat' ||
    (isJsonObject(publish) && Object.values(publish).every((each) => typeof each === 'boolean'))
  )
}

const KNOWN: ReadonlySet<string> = new Set(FIELDS)

function assertKnown(parts: FileParts): void {
  const unknown = Object.keys(parts.fields).find((key) => !KNOWN.has(key))
  if (unknown !== undefined)
    throw wrong(parts, unknown, `is no field of a prompt; there are: ${FIELDS.join(', ')}`)
}

function readHead(parts: FileParts, fallback: string | undefined): PromptFile {
  const name = textOf(parts, 'name') ?? fallback
  if (name === undefined)
    throw new PromptFileError(1, 'The prompt has no name: write "name: …" in its front matter')
  const format = textOf(parts, 'format', ['liquid', 'text'])
  const found = {
    title: textOf(parts, 'title'),
    description: textOf(parts, 'description'),
    category: textOf(parts, 'category'),
    tags: listOf(parts, 'tags'),
    aliases: listOf(parts, 'aliases'),
    format: format === undefined || format === 'liquid' ? undefined : ('text' as const),
    variables: variablesOf(parts),
    config: objectOf(parts, 'config'),
    publish: publishOf(parts),
    labels: listOf(parts, 'labels'),
    message: textOf(parts, 'message'),
  }
  return { name, ...withoutUndefined(found) }
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

function withoutUndefined<T extends object>(object: T): Defined<T> {
  const said = Object.entries(object).filter(([, value]) => value !== undefined)
  // The same object, without the keys that have no value.
  return Object.fromEntries(said) as Defined<T>
}

function wrong({ lineOf }: FileParts, field: string, message: string): PromptFileError {
  return new PromptFileError(lineOf(field), `"${field}" ${message}`)
}

/** Null is what YAML makes of a field without a value: it is at its default. */
function valueOf({ fields }: FileParts, field: string): Json | undefined {
  return Object.hasOwn(fields, field) ? (fields[field] ?? undefined) : undefined
}

function textOf(parts: FileParts, field: string, of?: readonly string[]): string | undefined {
  const value = valueOf(parts, field)
  if (value === undefined) return undefined
  if (typeof value !== 'string') throw wrong(parts, field, 'is a text: put it in quotes')
  if (of !== undefined && !of.includes(value)) throw wrong(parts, field, `is one of: ${of.join(', ')}`)
  return value
}

function listOf(parts: FileParts, field: string): string[] | undefined {
  const value = valueOf(parts, field)
  if (value === undefined) return undefined
  if (!Array.isArray(value)) throw wrong(parts, field, 'is a list, such as [one, two]')
  return value.map((each) => {
    if (typeof each !== 'string') throw wrong(parts, field, 'is a list of texts: put each in quotes')
    return each
  })
}

function objectOf(parts: FileParts, field: string): Record<string, Json> | undefined {
  const value = valueOf(parts, field)
  if (value === undefined) return undefined
  if (!isJsonObject(value)) throw wrong(parts, field, 'has keys and values, such as {temperature: 0.2}')
  return value
}

/** Names alone are required texts. */
function variablesOf(parts: FileParts): VariableInput[] | undefined {
  const value = valueOf(parts, 'variables')
  if (value === undefined) return undefined
  if (!Array.isArray(value)) throw wrong(parts, 'variables', 'is a list of variables, each with its name')
  return value.map((each) => {
    if (typeof each === 'string') return { name: each }
    if (!isJsonObject(each) || typeof each['name'] !== 'string')
      throw wrong(parts, 'variables', 'is a list of variables, each with its name')
    // Of the rest the server says what is wrong, with its place.
    return each as unknown as VariableInput
  })
}

function publishOf(parts: FileParts): PromptFile['publish'] {
  const value = objectOf(parts, 'publish')
  if (value === undefined) return undefined
  if (Object.values(value).some((each) => typeof each !== 'boolean'))
    throw wrong(parts, 'publish', 'says true or false of each way')
  return value
}
