import type { Json } from '../../liquid/json.ts'
import type { SourceLanguage } from '../convert/convert.ts'
import type { ReadItem, SourceFile, SourceFormat } from '../source.ts'
import type { SourceContent, SourceText } from './reading/content.ts'
import type { DeclaredVariable } from './reading/declared-variables.ts'
import { type Data, readJson, readYaml } from './reading/document.ts'
import { below, eachText, type TextFile, textsByPath } from './reading/each-file.ts'
import { peek } from './reading/file-text.ts'
import { variableOf } from './reading/json-schema.ts'
import { hasMessages, splitTags, withTags } from './reading/message-tags.ts'
import { modelConfig } from './reading/model-config.ts'
import { nameFromPath, partsOf } from './reading/paths.ts'
import { firstThatFits, type ItemDraft, promptItem, refused } from './reading/prompt-item.ts'
import { said } from './reading/said.ts'
import { asJson, type Fields, fieldsOf, isFields, listOf, wordOf } from './reading/values.ts'

const TEXT = /(?:^|\/)skprompt\.txt$/i
const KNOWN = [
  'name',
  'description',
  'template',
  'template_format',
  'input_variables',
  'execution_settings',
  'schema',
  'input',
  'completion',
  'instructions',
]

/** Prompts of Semantic Kernel: a folder with skprompt.txt and config.json, or one YAML file. */
export const semanticKernel: SourceFormat = {
  id: 'semantic-kernel',
  title: 'Semantic Kernel',
  claim(files) {
    const folders = new Set(files.flatMap(({ path }) => (TEXT.test(path) ? [folderOf(path)] : [])))
    const isConfig = ({ path }: SourceFile) =>
      /(?:^|\/)config\.json$/i.test(path) && folders.has(folderOf(path))
    return files.filter((file) => TEXT.test(file.path) || isConfig(file) || isYaml(file))
  },
  read(files) {
    const texts = textsByPath(files)
    const folders = files.filter(({ path }) => TEXT.test(path))
    const sheets = files.filter(({ path }) => /\.ya?ml$/i.test(path))
    return [...eachText(folders, (file) => readFolder(file, texts)), ...eachText(sheets, readSheet)]
  },
}

function folderOf(path: string): string {
  return path.replace(/[^/]+$/, '')
}

/** YAML with a template in a language of its own, or with variables in the form of Semantic Kernel. */
function isYaml(file: SourceFile): boolean {
  if (!/\.ya?ml$/i.test(file.path)) return false
  const text = peek(file)
  if (/^type[ \t]*:[ \t]*\w*_agent\b/m.test(text) && /^instructions[ \t]*:/m.test(text)) return true
  if (!/^template[ \t]*:/m.test(text)) return false
  return (
    /^template_format[ \t]*:[ \t]*["']?(?:semantic-kernel|handlebars|liquid)/m.test(text) ||
    /^execution_settings[ \t]*:/m.test(text) ||
    /^input_variables[ \t]*:[ \t]*\n(?:[ \t]*#.*\n)*[ \t]*-[ \t]*name[ \t]*:/m.test(text) ||
    /\{\{\s*\$\w+/.test(text)
  )
}

function readFolder({ path, text }: TextFile, texts: ReadonlyMap<string, string>): ReadItem {
  const { folders } = partsOf(path)
  const name = folders.at(-1) ?? nameFromPath(path)
  const config = texts.get(`${folderOf(path)}config.json`)
  const data = config === undefined ? undefined : readJson(config)
  if (data !== undefined && 'fault' in data)
    return refused({ path: `${folderOf(path)}config.json` }, name, [data.fault])
  const fields = fieldsOf(data?.value)
  const plugin = folders.at(-2)
  const source = { text, language: languageOf(fields), line: below(0) }
  return read({ origin: { path }, name: wordOf(fields.name) ?? name, category: plugin }, fields, source)
}

function readSheet({ path, text }: TextFile): ReadItem {
  const data = readYaml(text)
  const name = nameFromPath(path)
  if ('fault' in data) return refused({ path }, name, [data.fault])
  const fields = fieldsOf(data.value)
  const item = { origin: { path }, name: wordOf(fields.name) ?? name }
  if (typeof fields.template !== 'string') return agentItem(item, fields, data)
  return read(item, fields, {
    text: fields.template,
    language: languageOf(fields),
    line: data.lines(['template']),
  })
}

function agentItem(item: Pick<ItemDraft, 'origin' | 'name'>, fields: Fields, data: Data): ReadItem {
  const text = fields.instructions ?? fieldsOf(fields.template).template
  if (typeof text !== 'string')
    return refused(item.origin, item.name, [{ message: 'It has no template that is a text' }])
  return read(item, fields, {
    text,
    language: languageOf({ template_format: fieldsOf(fields.template).format }),
    line: data.lines(['instructions']),
  })
}

type Item = Pick<ItemDraft, 'origin' | 'name' | 'category'>

function read(item: Item, fields: Fields, given: SourceText): ReadItem {
  const source = withTags(given)
  const version = {
    declared: variablesOf(fields),
    config: configOf(fields),
    ...said('description', wordOf(fields.description)),
  }
  const draft = (content: SourceContent): ItemDraft => ({ ...item, versions: [{ ...version, content }] })
  const whole = draft({ text: source })
  if (!hasMessages(source.text)) return promptItem(whole)
  const note = {
    message:
      'What its tags decide spans several messages: it comes in as one text, with the marks of its messages',
  }
  return firstThatFits([draft({ messages: splitTags(source) }), { ...whole, notes: [note] }])
}

const LANGUAGES: ReadonlyMap<string, SourceLanguage> = new Map(
  Object.entries<SourceLanguage>({
    handlebars: 'handlebars',
    liquid: 'liquid',
    jinja2: 'jinja2',
    'semantic-kernel': 'semantic-kernel',
  }),
)

function languageOf({ template_format: format }: Fields): SourceLanguage {
  return LANGUAGES.get(wordOf(format)?.toLowerCase() ?? '') ?? 'semantic-kernel'
}

function variablesOf({ input_variables, input }: Fields): DeclaredVariable[] {
  const older = listOf(fieldsOf(input).parameters)
  return [...listOf(input_variables), ...older].flatMap((entry): DeclaredVariable[] => {
    if (!isFields(entry)) return []
    const name = wordOf(entry.name)
    if (name === undefined) return []
    const { default: given = entry.defaultValue, is_required: needed = entry.isRequired } = entry
    const schema = typeof entry.json_schema === 'string' ? parsed(entry.json_schema) : entry.json_schema
    const variable = variableOf(name, {
      ...fieldsOf(schema),
      description: entry.description,
      default: undefined,
    })
    // An empty default is what is put in where nothing was given.
    if (given !== undefined && given !== null)
      return [{ ...variable, default: asJson(given), required: false }]
    return [{ ...variable, ...(typeof needed === 'boolean' ? { required: needed } : {}) }]
  })
}

function parsed(text: string): unknown {
  const data = readJson(text)
  return 'fault' in data ? undefined : data.value
}

function configOf(fields: Fields): Record<string, Json> {
  const services = fieldsOf(fields.execution_settings)
  const [first = 'default'] = 'default' in services ? ['default'] : Object.keys(services)
  const { model_id, ai_model_id, extension_data, ...settings } = {
    ...fieldsOf(fields.completion),
    ...fieldsOf(services[first]),
  } as Record<string, unknown>
  const others = Object.fromEntries(Object.entries(services).filter(([key]) => key !== first))
  const rest = Object.fromEntries(
    Object.entries(fields).filter(([key]) => !KNOWN.includes(key) && key !== 'type'),
  )
  const model = wordOf(model_id) ?? wordOf(ai_model_id) ?? wordOf(fieldsOf(fields.model).id)
  return modelConfig(
    'semantic-kernel',
    { model, ...settings, ...fieldsOf(extension_data) },
    { ...rest, execution_settings: others },
  )
}
