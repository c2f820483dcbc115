import type { Json } from '../../../liquid/json.ts'
import { asJson, type Fields, isEmpty, isFields, wordOf } from './values.ts'

/** What tools call the settings that count here. */
const KNOWN: ReadonlyMap<string, string> = new Map(
  Object.entries<string>({
    model: 'model',
    temperature: 'temperature',
    top_p: 'top_p',
    topP: 'top_p',
    max_tokens: 'max_tokens',
    maxTokens: 'max_tokens',
    maxOutputTokens: 'max_tokens',
    max_output_tokens: 'max_tokens',
    max_completion_tokens: 'max_tokens',
    maxCompletionTokens: 'max_tokens',
    stop: 'stop',
    stop_sequences: 'stop',
    stopSequences: 'stop',
    stop_words: 'stop',
    response_format: 'response_format',
    responseFormat: 'response_format',
    tools: 'tools',
  }),
)

/**
 * The settings of a model in the words that count here; the rest is kept under the name of its tool.
 * @param tool the key that the rest is kept under
 */
export function modelConfig(tool: string, settings: Fields, rest: Fields = {}): Record<string, Json> {
  const made: Record<string, Json> = {}
  const kept: Record<string, Json> = {}
  for (const [name, value] of Object.entries(settings)) {
    if (value === undefined || value === null) continue
    const known = KNOWN.get(name)
    const fits = known !== undefined && made[known] === undefined && isSetting(known, value)
    if (fits) made[known] = asJson(known === 'model' ? wordOf(value) : value)
    else kept[name] = asJson(value)
  }
  for (const [name, value] of Object.entries(rest)) {
    if (value !== undefined && value !== null && !(isFields(value) && isEmpty(value)))
      kept[name] = asJson(value)
  }
  return { ...made, ...(isEmpty(kept) ? {} : { [tool]: kept }) }
}

function isSetting(name: string, value: unknown): boolean {
  if (name === 'model') return wordOf(value) !== undefined
  if (name === 'tools') return Array.isArray(value) && value.length > 0 && value.every(isFields)
  if (name === 'stop')
    return typeof value === 'string' ? value !== '' : Array.isArray(value) && value.length > 0
  if (name === 'response_format') return typeof value === 'string' || isFields(value)
  return typeof value === 'number'
}

/** The form of an answer by its schema. */
export function answerSchema(schema: Json, name = 'answer', strict?: boolean): Json {
  const fits = /^[\w-]{1,64}$/.test(name) ? name : 'answer'
  return {
    type: 'json_schema',
    json_schema: { name: fits, schema, ...(strict === undefined ? {} : { strict }) },
  }
}
