import type { Json } from '../../../liquid/json.ts'
import type { ReadItem, SourceFormat, SourceNote } from '../../source.ts'
import type { DeclaredVariable } from '../reading/declared-variables.ts'
import type { Data } from '../reading/document.ts'
import { below, eachText, type TextFile } from '../reading/each-file.ts'
import { peek } from '../reading/file-text.ts'
import { splitHead } from '../reading/front-matter.ts'
import { variablesOfSchema } from '../reading/json-schema.ts'
import { answerSchema, modelConfig } from '../reading/model-config.ts'
import { nameFromPath } from '../reading/paths.ts'
import { type ItemDraft, promptItem, refused } from '../reading/prompt-item.ts'
import { said } from '../reading/said.ts'
import { asJson, type Fields, fieldsOf, isFields, wordOf, wordsOf } from '../reading/values.ts'
import { isJsonSchema, schemaOf } from './picoschema.ts'
import { promptsInYaml } from './prompts-in-yaml.ts'

const END = /\.prompt$/i
const OTHER = [
  'name',
  'title',
  'description',
  'model',
  'config',
  'input',
  'output',
  'tags',
  'category',
  'tools',
]

/** Firebase Genkit's dotprompt: `.prompt`, Handlebars below YAML. */
export const dotprompt: SourceFormat = {
  id: 'dotprompt',
  title: 'dotprompt (.prompt)',
  claim: (files) => files.filter(({ path }) => END.test(path)),
  read(files) {
    const partials = new Map(
      files.map((file): [string, string] => [ownName(file.path), splitHead(peek(file)).body]),
    )
    return eachText(files, (file) => readPrompt(file, partials))
  },
}

/** A file whose name begins with `_` is for other prompts to put in. */
function ownName(path: string): string {
  return nameFromPath(path, END).replace(/^_/, '')
}

function readPrompt(file: TextFile, partials: ReadonlyMap<string, string>): ReadItem {
  const { path, text } = file
  const { head, body, bodyOffset } = splitHead(text)
  if (head !== undefined && 'fault' in head) return refused({ path }, ownName(path), [head.fault])
  if (head === undefined) {
    const sheet = promptsInYaml(file, ownName(path))
    if (sheet !== undefined) return sheet
  }
  const fields = fieldsOf(head?.value)
  const { variables, notes } = inputOf(fields, head)
  // What stands below a head is trimmed by dotprompt itself.
  const template = head === undefined ? body : body.trim()
  const content = {
    text: {
      text: marked(template),
      language: 'dotprompt' as const,
      line: below(bodyOffset + linesIn(body.slice(0, body.indexOf(template)))),
    },
  }
  return promptItem({
    ...named(path, fields),
    notes: [...notes, ...answerNotes(fields, head)],
    versions: [
      {
        content,
        declared: variables,
        partials,
        config: configOf(fields),
        ...said('title', wordOf(fields.title)),
        ...said('description', wordOf(fields.description) ?? wordOf(fieldsOf(fields.metadata).description)),
      },
    ],
  })
}

function linesIn(text: string): number {
  return text.split('\n').length - 1
}

/** A schema of the answer that a program has by that name. */
function answerNotes({ output }: Fields, head: Data | undefined): SourceNote[] {
  const { schema } = fieldsOf(output)
  if (typeof schema !== 'string' || isScalar(schema)) return []
  const line = head?.line(['output', 'schema'])
  const message = `The schema "${schema}" of its answer is elsewhere; its name is kept`
  return [{ ...(line === undefined ? {} : { line }), message }]
}

function isScalar(schema: string): boolean {
  return /^(?:string|number|integer|boolean|any|null)\b/.test(schema)
}

function named(path: string, fields: Fields): Pick<ItemDraft, 'origin' | 'name' | 'category' | 'tags'> {
  return {
    origin: { path },
    name: wordOf(fields.name) ?? ownName(path),
    category: wordOf(fields.category),
    tags: wordsOf(fields.tags ?? fieldsOf(fields.metadata).tags),
  }
}

/** The marks that dotprompt itself leaves while it renders stand for the words that made them. */
function marked(body: string): string {
  return body
    .replaceAll(/<<<dotprompt:role:(\w+)>>>/g, '{{role "$1"}}')
    .replaceAll(/<<<dotprompt:history>>>/g, '{{history}}')
}

function inputOf(
  { input }: Fields,
  head: Data | undefined,
): { variables: DeclaredVariable[]; notes: SourceNote[] } {
  const { schema, default: defaults } = fieldsOf(input)
  if (typeof schema === 'string' && !isScalar(schema)) {
    const line = head?.line(['input', 'schema'])
    const message = `The schema "${schema}" of its input is elsewhere; variables are read from the text`
    return { variables: [], notes: [{ ...(line === undefined ? {} : { line }), message }] }
  }
  const known = isFields(schema) ? variablesOfSchema(schemaOf(schema), defaults) : []
  const names = new Set(known.map(({ name }) => name))
  const others = Object.entries(fieldsOf(defaults)).flatMap(([name, value]): DeclaredVariable[] =>
    names.has(name) || value === null ? [] : [{ name, default: asJson(value), required: false }],
  )
  return { variables: [...known, ...others], notes: [] }
}

function configOf(fields: Fields): Record<string, Json> {
  const { output, model, config, tools } = fields
  const rest = Object.fromEntries(Object.entries(fields).filter(([key]) => !OTHER.includes(key)))
  const answer = answerOf(fieldsOf(output))
  const settings = {
    ...fieldsOf(config),
    model,
    tools,
    ...(answer.used === undefined ? {} : { response_format: answer.used }),
  }
  return modelConfig('dotprompt', settings, {
    ...rest,
    ...(answer.kept === undefined ? {} : { output: answer.kept }),
  })
}

function answerOf({ format, schema, jsonSchema, ...rest }: Fields): { used?: Json; kept?: Json } {
  const given = schema ?? jsonSchema
  if (isFields(given))
    return {
      used: answerSchema(isJsonSchema(given) ? asJson(given) : schemaOf(given)),
      ...(format === 'json' || format === undefined ? {} : { kept: asJson({ format, ...rest }) }),
    }
  if (format === 'json' && given === undefined) return { used: { type: 'json' } }
  const kept = {
    ...(format === undefined || format === 'text' ? {} : { format }),
    ...(given === undefined ? {} : { schema: given }),
    ...rest,
  }
  return {
    ...(format === 'json' ? { used: { type: 'json' } } : {}),
    ...(Object.keys(kept).length === 0 ? {} : { kept: asJson(kept) }),
  }
}
