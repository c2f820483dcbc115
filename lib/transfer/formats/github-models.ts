import type { Json } from '../../liquid/json.ts'
import type { ReadItem, SourceFile, SourceFormat, SourceNote } from '../source.ts'
import { readChat } from './reading/chat.ts'
import type { DeclaredVariable } from './reading/declared-variables.ts'
import { readJson, readYaml } from './reading/document.ts'
import { eachText, type TextFile } from './reading/each-file.ts'
import { peek } from './reading/file-text.ts'
import { variableOf } from './reading/json-schema.ts'
import { answerSchema, modelConfig } from './reading/model-config.ts'
import { nameFromPath } from './reading/paths.ts'
import { promptItem, refused } from './reading/prompt-item.ts'
import { said } from './reading/said.ts'
import { asJson, type Fields, fieldsOf, isFields, listOf, wordOf, wordsOf } from './reading/values.ts'

const END = /\.prompt\.ya?ml$/i
/** Other files of the form: what only GitHub Models calls so. */
const OWN = /^(?:modelParameters|testData|evaluators|responseFormat)[ \t]*:/m
const OTHER_END = /(?:[._-]prompt)?\.ya?ml$/i
const KNOWN = [
  'name',
  'title',
  'description',
  'tags',
  'model',
  'modelParameters',
  'messages',
  'variables',
  'responseFormat',
  'jsonSchema',
  '$schema',
]
/** Longest test data that is kept beside a prompt, as JSON. */
const MOST_KEPT = 50_000

/** Prompts of GitHub Models: `.prompt.yml`. */
export const githubModels: SourceFormat = {
  id: 'github-models',
  title: 'GitHub Models (.prompt.yml)',
  claim: (files) => files.filter(isPrompt),
  read: (files) => eachText(files, readPrompt),
}

function isPrompt(file: SourceFile): boolean {
  if (!/\.ya?ml$/i.test(file.path)) return false
  const text = peek(file)
  return /^messages[ \t]*:/m.test(text) && (END.test(file.path) || OWN.test(text))
}

function readPrompt({ path, text }: TextFile): ReadItem {
  const data = readYaml(text)
  const name = nameFromPath(path, END.test(path) ? END : OTHER_END)
  if ('fault' in data) return refused({ path }, name, [data.fault])
  const fields = fieldsOf(data.value)
  const chat = readChat(listOf(fields.messages), { data, path: ['messages'], language: 'double-braces' })
  const { config, notes } = configOf(fields)
  if (chat.messages.length === 0)
    return refused({ path }, wordOf(fields.name) ?? name, [...chat.notes, { message: 'It has no messages' }])
  return promptItem({
    origin: { path },
    name: wordOf(fields.name) ?? name,
    tags: wordsOf(fields.tags ?? fieldsOf(fields.metadata).tags),
    notes: [...chat.notes, ...notes],
    versions: [
      {
        content: { messages: chat.messages },
        declared: variablesOf(fields),
        config,
        ...said('title', wordOf(fields.title)),
        ...said('description', wordOf(fields.description)),
      },
    ],
  })
}

/** Many keep a list of variables beside the messages. */
function variablesOf({ variables }: Fields): DeclaredVariable[] {
  const entries: [unknown, unknown][] = Array.isArray(variables)
    ? variables.map((each) => [isFields(each) ? each.name : each, each])
    : Object.entries(fieldsOf(variables))
  return entries.flatMap(([key, said]): DeclaredVariable[] => {
    const name = wordOf(key)
    if (name === undefined) return []
    const { required } = fieldsOf(said)
    const variable = isFields(said) ? variableOf(name, said) : { name }
    const isSaid = typeof required === 'boolean' && variable.default === undefined
    return [{ ...variable, ...(isSaid ? { required } : {}) }]
  })
}

function configOf(fields: Fields): { config: Record<string, Json>; notes: SourceNote[] } {
  const rest = Object.fromEntries(
    Object.entries(fields).filter(([key, value]) => !KNOWN.includes(key) && !isEmptyList(value)),
  )
  const isLong = JSON.stringify(rest).length > MOST_KEPT
  const settings = {
    ...fieldsOf(fields.modelParameters),
    model: fields.model,
    response_format: answerOf(fields),
  }
  const notes = isLong
    ? [{ message: `${Object.keys(rest).join(', ')}: too long to be kept beside a prompt; left out` }]
    : []
  return { config: modelConfig('github-models', settings, isLong ? {} : rest), notes }
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0
}

function answerOf({ responseFormat, jsonSchema }: Fields): Json | undefined {
  const schema = typeof jsonSchema === 'string' ? parsed(jsonSchema) : jsonSchema
  if (isFields(schema)) {
    const inner = isFields(schema.schema) ? schema.schema : schema
    return answerSchema(asJson(inner), wordOf(schema.name), schema.strict === true ? true : undefined)
  }
  if (responseFormat === 'json_object') return { type: 'json' }
  return responseFormat === 'text' || responseFormat === undefined ? undefined : asJson(responseFormat)
}

function parsed(text: string): unknown {
  const data = readJson(text)
  return 'fault' in data ? undefined : data.value
}
