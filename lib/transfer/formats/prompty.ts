import type { Json } from '../../liquid/json.ts'
import type { SourceLanguage } from '../convert/convert.ts'
import type { ReadItem, SourceFile, SourceFormat, SourceNote } from '../source.ts'
import type { SourceContent } from './reading/content.ts'
import type { DeclaredVariable } from './reading/declared-variables.ts'
import { below, eachText, type TextFile } from './reading/each-file.ts'
import { peek } from './reading/file-text.ts'
import { splitHead } from './reading/front-matter.ts'
import { typeOfValue, variableOf } from './reading/json-schema.ts'
import { answerSchema, modelConfig } from './reading/model-config.ts'
import { nameFromPath, partsOf } from './reading/paths.ts'
import { firstThatFits, type ItemDraft, refused } from './reading/prompt-item.ts'
import { hasRoles, ROLES_AS_LINES, splitRoles } from './reading/role-lines.ts'
import { said } from './reading/said.ts'
import { withoutSecrets } from './reading/secrets.ts'
import { asJson, type Fields, fieldsOf, isFields, wordOf, wordsOf } from './reading/values.ts'

const END = /\.prompty$/i
const KNOWN = [
  'name',
  'title',
  'description',
  'tags',
  'model',
  'inputs',
  'inputSchema',
  'sample',
  'outputs',
  'outputSchema',
  'template',
  'tools',
  'metadata',
  '$schema',
]

/** Microsoft's Prompty, of its first and second version. */
export const prompty: SourceFormat = {
  id: 'prompty',
  title: 'Prompty (.prompty)',
  claim: (files) => files.filter(({ path }) => END.test(path)),
  read(files) {
    const areJoined = files.some((file) => /\{%-?\s{0,20}(?:extends|include)\b/.test(peek(file)))
    const layouts = new Map(areJoined ? files.map(layoutOf) : [])
    return eachText(files, (file) => readPrompty(file, layouts))
  },
}

/** Its file name, and its text. */
function layoutOf(file: SourceFile): [string, string] {
  return [partsOf(file.path).file, splitHead(peek(file)).body.trim()]
}

/** @param layouts the texts of all files, which others may extend, by their names */
function readPrompty({ path, text }: TextFile, layouts: ReadonlyMap<string, string>): ReadItem {
  const { head, body, bodyOffset } = splitHead(text)
  if (head !== undefined && 'fault' in head) return refused({ path }, nameFromPath(path, END), [head.fault])
  const fields = fieldsOf(head?.value)
  const language = languageOf(fields)
  const inputs = inputsOf(fields)
  const metadata = fieldsOf(fields.metadata)
  const { config, notes } = configOf(fields)
  const item: Omit<ItemDraft, 'versions'> = {
    origin: { path },
    name: wordOf(fields.name) ?? nameFromPath(path, END),
    tags: [...wordsOf(fields.tags), ...wordsOf(metadata.tags)],
    notes: [...notes, ...otherFileNotes(fields)],
  }
  const version = {
    declared: inputs.variables,
    partials: layouts,
    config,
    ...said('title', wordOf(fields.title)),
    ...said('description', wordOf(fields.description)),
  }
  const whole: SourceContent = {
    text: { text: body.trim(), language, line: below(bodyOffset + leadingLines(body)) },
  }
  const single = { ...item, versions: [{ ...version, content: whole }] }
  const isEmpty = body.trim() === ''
  if (isEmpty || (!hasRoles(body) && inputs.threads.length === 0)) return firstThatFits([single])
  const split = splitRoles(body, language, { threads: inputs.threads, offset: bodyOffset })
  const lines = { ...single, notes: [...(item.notes ?? []), { message: ROLES_AS_LINES }] }
  const chat = {
    ...item,
    notes: [...(item.notes ?? []), ...split.notes],
    versions: [{ ...version, content: { messages: split.messages } }],
  }
  return firstThatFits([chat, lines])
}

function leadingLines(body: string): number {
  return (/^\s*/.exec(body)?.[0].split('\n').length ?? 1) - 1
}

function languageOf({ template }: Fields): SourceLanguage {
  const { format, type } = fieldsOf(template)
  const word = wordOf(template) ?? wordOf(fieldsOf(format).kind) ?? wordOf(format) ?? wordOf(type) ?? 'jinja2'
  return word.toLowerCase() === 'mustache' ? 'mustache' : 'jinja2'
}

interface Inputs {
  variables: DeclaredVariable[]
  /** Inputs that are lists of messages. */
  threads: string[]
}

function inputsOf({ inputs, inputSchema, sample }: Fields): Inputs {
  const given = inputs ?? fieldsOf(inputSchema).properties ?? inputSchema
  const entries: [string, unknown][] = Array.isArray(given)
    ? given.flatMap((each) =>
        isFields(each) && wordOf(each.name) !== undefined ? [[String(each.name), each]] : [],
      )
    : Object.entries(fieldsOf(given))
  const samples = fieldsOf(sample)
  const threads = entries.flatMap(([name, input]) =>
    wordOf(fieldsOf(input).kind ?? fieldsOf(input).type) === 'thread' ? [name] : [],
  )
  const variables = entries.flatMap(([name, input]) =>
    threads.includes(name) ? [] : [inputOf(name, input, samples[name])],
  )
  const others = Object.entries(samples).flatMap(([name, value]) =>
    entries.some(([known]) => known === name) || threads.includes(name) ? [] : [exampleOf(name, value)],
  )
  return { variables: [...variables, ...others], threads }
}

/** An input that is a plain value has it as an example: nobody else's name is to go to a model unseen. */
function inputOf(name: string, input: unknown, sample: unknown): DeclaredVariable {
  const isDeclared =
    isFields(input) &&
    ['type', 'kind', 'default', 'sample', 'example', 'description', 'required', 'is_required'].some(
      (key) => key in input,
    )
  if (!isDeclared) return exampleOf(name, input ?? sample)
  const { required, is_required, sample: own, example } = input
  const shown = own ?? example ?? sample
  const variable = variableOf(name, input)
  const isNeeded = required ?? is_required
  return {
    ...variable,
    ...(shown === undefined || shown === null ? {} : { example: asJson(shown) }),
    ...(typeof isNeeded === 'boolean' && variable.default === undefined ? { required: isNeeded } : {}),
  }
}

function exampleOf(name: string, value: unknown): DeclaredVariable {
  const type = typeOfValue(value)
  const isShown = value !== undefined && value !== null && value !== ''
  return { name, ...(type === undefined ? {} : { type }), ...(isShown ? { example: asJson(value) } : {}) }
}

/** What stands in files beside it. */
function otherFileNotes(fields: Fields): SourceNote[] {
  const model = fieldsOf(fields.model)
  const settings = fieldsOf(model.options ?? model.parameters)
  return ['sample', 'inputs', 'inputSchema', 'outputs', 'outputSchema', 'tools'].flatMap((key) => {
    const named = fields[key] ?? settings[key]
    return typeof named === 'string' && named !== ''
      ? [{ message: `Its ${key} is in another file (${named}) and does not come along` }]
      : []
  })
}

function configOf(fields: Fields): { config: Record<string, Json>; notes: SourceNote[] } {
  const model = fieldsOf(fields.model)
  const connection = fieldsOf(model.connection ?? model.configuration)
  const { model_id, ...options } = fieldsOf(model.options ?? model.parameters) as Record<string, unknown>
  const id =
    wordOf(fields.model) ??
    wordOf(model.id) ??
    wordOf(model.name) ??
    wordOf(connection.azure_deployment) ??
    wordOf(connection.model) ??
    wordOf(connection.name) ??
    wordOf(model_id)
  const { kept, dropped } = withoutSecrets({
    ...model,
    id: undefined,
    options: undefined,
    parameters: undefined,
  })
  const metadata = fieldsOf(fields.metadata)
  const rest = Object.fromEntries(Object.entries(fields).filter(([key]) => !KNOWN.includes(key)))
  const declared = outputsOf(fields)
  const answer = options.response_format ?? declared
  const other = options.response_format === undefined ? undefined : declared
  const tools = hasEntries(fields.tools) ? fields.tools : options.tools
  const settings = { ...options, tools: undefined, response_format: undefined }
  const config = modelConfig(
    'prompty',
    { model: id, ...settings, tools: isCallable(tools) ? tools : undefined, response_format: answer },
    { ...(isCallable(tools) ? {} : { tools }), outputs: other, model: kept, metadata, ...rest },
  )
  return {
    config,
    notes: dropped.map((key) => ({ message: `${key} is a secret, or looks like one; it is left out` })),
  }
}

function hasEntries(tools: unknown): boolean {
  return Array.isArray(tools) ? tools.length > 0 : isFields(tools) && Object.keys(tools).length > 0
}

/** Tools that name functions, as they are asked for here. */
function isCallable(tools: unknown): boolean {
  return (
    Array.isArray(tools) &&
    tools.length > 0 &&
    tools.every((tool) => typeof fieldsOf(fieldsOf(tool).function).name === 'string')
  )
}

function outputsOf({ outputs, outputSchema }: Fields): Json | undefined {
  const given = outputs ?? fieldsOf(outputSchema).properties ?? outputSchema
  const entries: [string, unknown][] = Array.isArray(given)
    ? given.flatMap((each) =>
        isFields(each) && wordOf(each.name) !== undefined ? [[String(each.name), each]] : [],
      )
    : Object.entries(fieldsOf(given))
  if (entries.length === 0) return undefined
  const properties = Object.fromEntries(entries.map(([name, property]) => [name, propertySchema(property)]))
  return answerSchema({
    type: 'object',
    properties,
    required: entries.map(([name]) => name),
    additionalProperties: false,
  })
}

const SCHEMA_TYPES: ReadonlyMap<string, string> = new Map(
  Object.entries<string>({ float: 'number', int: 'integer', bool: 'boolean' }),
)

function propertySchema(property: unknown): Json {
  const { kind, type = kind, name: _, required: __, ...rest } = fieldsOf(property)
  const word = wordOf(type)
  return asJson({ ...(word === undefined ? {} : { type: SCHEMA_TYPES.get(word) ?? word }), ...rest })
}
