import { allowedName } from '../../../liquid/analyse.ts'
import type { Json } from '../../../liquid/json.ts'
import type { SourceLanguage } from '../../convert/convert.ts'
import type { SourceNote } from '../../source.ts'
import { imagePart, noteAt, readChat, roleOf } from '../reading/chat.ts'
import type { Role, SourceContent, SourceMessage, SourcePart, SourceText } from '../reading/content.ts'
import type { DeclaredVariable } from '../reading/declared-variables.ts'
import type { Data } from '../reading/document.ts'
import { answerSchema, modelConfig } from '../reading/model-config.ts'
import { asJson, type Fields, fieldsOf, isFields, listOf, wordOf, wordsOf } from '../reading/values.ts'

type Path = (string | number)[]

/** What a manifest says. */
export interface Manifest {
  /** Undefined: it cannot be said here; the notes say why. */
  content: SourceContent | undefined
  declared: DeclaredVariable[]
  config: Record<string, Json>
  notes: SourceNote[]
  metadata?: unknown
  tags?: unknown
  name?: unknown
}

/** Where something stands in a file. */
export interface At {
  data: Data
  path: Path
}

const LANGUAGES: ReadonlyMap<string, SourceLanguage> = new Map(
  Object.entries<SourceLanguage>({
    'f-string': 'f-string',
    mustache: 'mustache',
    jinja2: 'jinja2',
  }),
)

/** The language of a template; LangChain's own is Python's format. */
export function languageOf(format: unknown): SourceLanguage {
  return LANGUAGES.get(wordOf(format) ?? 'f-string') ?? 'f-string'
}

/** Reads a serialized prompt, or a chain of a prompt and a model. */
export function readManifest(value: Fields, at: At): Manifest {
  const kwargs = fieldsOf(value.kwargs)
  const inner = { data: at.data, path: [...at.path, 'kwargs'] }
  switch (classOf(value)) {
    case 'RunnableSequence':
      return readSequence(kwargs, inner)
    case 'RunnableBinding':
      return readManifest(fieldsOf(kwargs.bound), { ...inner, path: [...inner.path, 'bound'] })
    case 'ChatPromptTemplate':
    case 'StructuredPrompt':
      return { ...readMessages(kwargs, inner), config: schemaConfig(kwargs) }
    case 'PromptTemplate':
      return readText(kwargs, inner)
    case 'FewShotPromptTemplate':
    case 'FewShotPromptTemplateWithTemplates':
    case 'FewShotChatMessagePromptTemplate':
      return none('Its examples are chosen while it runs; write them into the text', at)
    default:
      return none(`${classOf(value)} is no prompt that can be read`, at)
  }
}

function classOf({ id }: Fields): string {
  return wordOf(listOf(id).at(-1)) ?? 'It'
}

export function none(message: string, { data, path }: At): Manifest {
  return { content: undefined, declared: [], config: {}, notes: [noteAt(data, path, message)] }
}

function readSequence(kwargs: Fields, { data, path }: At): Manifest {
  const steps: [Fields, Path][] = [
    [fieldsOf(kwargs.first), [...path, 'first']],
    ...listOf(kwargs.middle).map((step, index): [Fields, Path] => [
      fieldsOf(step),
      [...path, 'middle', index],
    ]),
    [fieldsOf(kwargs.last), [...path, 'last']],
    ...listOf(kwargs.steps).map((step, index): [Fields, Path] => [fieldsOf(step), [...path, 'steps', index]]),
  ]
  const prompt = steps.find(([step]) => /Prompt/.test(classOf(step)))
  if (prompt === undefined) return none('The chain has no prompt', { data, path })
  const manifest = readManifest(prompt[0], { data, path: prompt[1] })
  const settings = Object.assign({}, ...steps.map(([step]) => modelSettings(step))) as Fields
  return { ...manifest, config: { ...modelConfig('langchain', settings), ...manifest.config } }
}

const LEFT_OUT = /^(?:(?:openai_)?api_?key|.*_secret|openai_organization|callbacks|verbose|cache)$/i

/** The settings of a model, and what a binding adds to it. */
function modelSettings(step: Fields): Fields {
  const kwargs = fieldsOf(step.kwargs)
  if (classOf(step) === 'RunnableBinding')
    return { ...modelSettings(fieldsOf(kwargs.bound)), ...fieldsOf(kwargs.kwargs) }
  if (/Prompt|Parser|Lambda|Passthrough|^It$/.test(classOf(step))) return {}
  const {
    model_name,
    modelName,
    deployment_name,
    model_kwargs,
    extra_headers: _,
    ...rest
  } = kwargs as Record<string, unknown>
  const plain = Object.fromEntries(
    Object.entries({ ...rest, ...fieldsOf(model_kwargs) }).filter(
      ([key, value]) => !LEFT_OUT.test(key) && !isSecret(value),
    ),
  )
  return { ...plain, model: plain.model ?? model_name ?? modelName ?? deployment_name }
}

function isSecret(value: unknown): boolean {
  return fieldsOf(value).lc === 1 && fieldsOf(value).type === 'secret'
}

function schemaConfig({ schema_, schema = schema_ }: Fields): Record<string, Json> {
  if (!isFields(schema)) return {}
  return { response_format: answerSchema(asJson(schema), wordOf(schema.title) ?? wordOf(schema.name)) }
}

/** A prompt that is one text. */
export function readText(kwargs: Fields, at: At): Manifest {
  const { template } = kwargs
  if (typeof template !== 'string') return none('Its template is no text', at)
  const text = {
    text: template,
    language: languageOf(kwargs.template_format),
    line: at.data.lines([...at.path, 'template']),
  }
  return { content: { text }, declared: partials(kwargs), config: {}, notes: [], ...about(kwargs) }
}

function about({ metadata, tags, name }: Fields): Pick<Manifest, 'metadata' | 'tags' | 'name'> {
  return { metadata, tags: wordsOf(tags), name }
}

/** Values that are filled in already become defaults. */
export function partials({ partial_variables }: Fields): DeclaredVariable[] {
  return Object.entries(fieldsOf(partial_variables)).flatMap(([name, value]) =>
    typeof value === 'string' || typeof value === 'number'
      ? [{ name, default: asJson(value), required: false }]
      : [],
  )
}

function readMessages(kwargs: Fields, { data, path }: At): Omit<Manifest, 'config'> {
  const notes: SourceNote[] = []
  const list = listOf(kwargs.messages)
  const found = list.map((message, index) =>
    readMessage(message, { data, path: [...path, 'messages', index] }, notes),
  )
  const messages = found.flatMap((each) => each.messages)
  const declared = [...partials(kwargs), ...found.flatMap((each) => each.declared)]
  if (messages.length === 0) notes.push(noteAt(data, path, 'It has no messages that can be read'))
  return { content: messages.length === 0 ? undefined : { messages }, declared, notes, ...about(kwargs) }
}

interface ReadMessage {
  messages: SourceMessage[]
  declared: DeclaredVariable[]
}

const ROLES: ReadonlyMap<string, Role> = new Map(
  Object.entries<Role>({ System: 'system', Human: 'user', AI: 'assistant' }),
)

function readMessage(value: unknown, at: At, notes: SourceNote[]): ReadMessage {
  const fields = fieldsOf(value)
  const kwargs = fields.lc === 1 ? fieldsOf(fields.kwargs) : fields
  const inner = { data: at.data, path: fields.lc === 1 ? [...at.path, 'kwargs'] : at.path }
  const kind = fields.lc === 1 ? classOf(fields) : ''
  const tell = (message: string) => notes.push(noteAt(at.data, at.path, message))
  if (kind === 'MessagesPlaceholder') return { messages: placeholder(kwargs, tell), declared: [] }
  const role = ROLES.get(kind.replace(/Message(?:Chunk|PromptTemplate)?$/, '')) ?? roleOf(kwargs.role)
  if (role === undefined) {
    tell(`${kind === '' ? 'A message without a role' : kind} cannot be said here; it is left out`)
    return { messages: [], declared: [] }
  }
  if (!kind.endsWith('PromptTemplate') && kwargs.prompt === undefined)
    return { messages: literalMessage(role, kwargs.content, inner), declared: [] }
  return templateMessage(role, kwargs.prompt, { data: at.data, path: [...inner.path, 'prompt'] }, tell)
}

function placeholder({ variable_name, optional }: Fields, tell: (message: string) => void): SourceMessage[] {
  const name = allowedName(wordOf(variable_name) ?? '')
  if (name === undefined) {
    tell('A place for messages has no name that is allowed here; it is left out')
    return []
  }
  return [{ placeholder: name, ...(optional === true ? { required: false } : {}) }]
}

/** A message that is no template: its braces are braces. */
function literalMessage(role: Role, content: unknown, { data, path }: At): SourceMessage[] {
  return readChat([{ role, content }], {
    path: [...path, 'content'],
    language: 'none',
    data: undefined,
  }).messages.map((message) =>
    'content' in message && 'text' in message.content
      ? { ...message, content: { ...message.content, line: data.lines([...path, 'content']) } }
      : message,
  )
}

function templateMessage(role: Role, prompt: unknown, at: At, tell: (message: string) => void): ReadMessage {
  const list = Array.isArray(prompt) ? prompt : [prompt]
  const declared: DeclaredVariable[] = []
  const parts = list.flatMap((each, index): SourcePart[] => {
    const fields = fieldsOf(each)
    const kwargs = fields.lc === 1 ? fieldsOf(fields.kwargs) : fields
    const path = [
      ...at.path,
      ...(Array.isArray(prompt) ? [index] : []),
      ...(fields.lc === 1 ? ['kwargs'] : []),
    ]
    declared.push(...partials(kwargs))
    const part = partOf(kwargs, { data: at.data, path })
    if (part === undefined)
      tell('A part of a message is neither a text nor an image that can be shown here; it is left out')
    return part === undefined ? [] : [part]
  })
  const [first] = parts
  if (first === undefined) return { messages: [], declared }
  const content: SourceText | SourcePart[] = parts.length === 1 && 'text' in first ? first.text : parts
  return { messages: [{ role, content }], declared }
}

function partOf({ template, template_format }: Fields, { data, path }: At): SourcePart | undefined {
  if (typeof template === 'string')
    return {
      text: {
        text: template,
        language: languageOf(template_format),
        line: data.lines([...path, 'template']),
      },
    }
  const image = fieldsOf(template)
  const url = wordOf(image.url) ?? wordOf(fieldsOf(image.image_url).url)
  if (url === undefined) return undefined
  return imagePart(languageOf(template_format) === 'f-string' ? url.replace(/^\{(\w+)\}$/, '{{ $1 }}') : url)
}
