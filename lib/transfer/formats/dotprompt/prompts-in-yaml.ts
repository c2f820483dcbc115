import type { Json } from '../../../liquid/json.ts'
import type { ReadItem } from '../../source.ts'
import type { SourceMessage } from '../reading/content.ts'
import type { DeclaredVariable } from '../reading/declared-variables.ts'
import { type Data, readYaml } from '../reading/document.ts'
import type { TextFile } from '../reading/each-file.ts'
import { answerSchema, modelConfig } from '../reading/model-config.ts'
import { promptItem, refused } from '../reading/prompt-item.ts'
import { asJson, type Fields, fieldsOf, isFields, listOf, without, wordOf } from '../reading/values.ts'

/** Another tool whose files end in `.prompt` keeps YAML with a text for each role; undefined: the text is none. */
export function promptsInYaml({ path, text }: TextFile, ownName: string): ReadItem | undefined {
  if (!/^prompts[ \t]*:/m.test(text)) return undefined
  const data = readYaml(text)
  if ('fault' in data) return refused({ path }, ownName, [data.fault])
  const fields = fieldsOf(data.value)
  const messages = [
    ...messageOf('system', data),
    ...listOf(fields.fewShots).flatMap((_, index) => shot(data, index)),
    ...messageOf('user', data),
  ]
  if (messages.length === 0) return undefined
  const settings = fieldsOf(fields.config)
  return promptItem({
    origin: { path },
    name: wordOf(settings.name) ?? wordOf(fields.name) ?? ownName,
    versions: [
      { content: { messages }, declared: parameters(fieldsOf(settings.input)), config: configOf(fields) },
    ],
  })
}

function messageOf(role: 'system' | 'user', data: Data): SourceMessage[] {
  const found = fieldsOf(fieldsOf(data.value).prompts)[role]
  if (typeof found !== 'string') return []
  return [{ role, content: { text: found, language: 'liquid', line: data.lines(['prompts', role]) } }]
}

/** An example: what is asked and what is answered, as they are. */
function shot(data: Data, index: number): SourceMessage[] {
  const { user, response } = fieldsOf(listOf(fieldsOf(data.value).fewShots)[index])
  const said = (role: 'user' | 'assistant', text: unknown, key: string): SourceMessage[] =>
    typeof text === 'string'
      ? [{ role, content: { text, language: 'none', line: data.lines(['fewShots', index, key]) } }]
      : []
  return [...said('user', user, 'user'), ...said('assistant', response, 'response')]
}

function configOf({ config, model }: Fields): Record<string, Json> {
  const { output, outputFormat, ...settings } = without(fieldsOf(config), 'input', 'name')
  const { schema, format = outputFormat } = fieldsOf(output)
  const answer = isFields(schema)
    ? answerSchema(asJson(schema))
    : format === 'json'
      ? { type: 'json' }
      : undefined
  return modelConfig('dotprompt', { ...settings, model, response_format: answer })
}

const TYPES: ReadonlyMap<unknown, DeclaredVariable['type']> = new Map<unknown, DeclaredVariable['type']>([
  ['number', 'number'],
  ['bool', 'boolean'],
  ['boolean', 'boolean'],
  ['object', 'object'],
])

function parameters({ parameters: given, default: defaults }: Fields): DeclaredVariable[] {
  const values = fieldsOf(defaults)
  return Object.entries(fieldsOf(given)).map(([key, type]) => {
    const name = key.replace(/\?$/, '')
    const found = TYPES.get(type)
    return {
      name,
      ...(found === undefined ? {} : { type: found }),
      ...(values[name] === undefined
        ? { required: !key.endsWith('?') }
        : { default: asJson(values[name]), required: false }),
    }
  })
}
