import type { ConfigurationFacts } from './schema.ts'

/** The keys of a version's config that count in a run. */
export const SETTING_KEYS = [
  'model',
  'temperature',
  'top_p',
  'max_tokens',
  'stop',
  'response_format',
  'tools',
] as const
export type SettingKey = (typeof SETTING_KEYS)[number]

export type ResponseFormat =
  | { type: 'text' }
  | { type: 'json' }
  | { type: 'json_schema'; name: string; schema: Record<string, unknown>; strict: boolean }

/** A function that a model may ask for; nobody calls it here, what the model asks is the answer. */
export interface ToolDefinition {
  name: string
  description?: string
  /** JSON Schema of its arguments. */
  parameters: Record<string, unknown>
}

/** How a model is asked, beside the messages. */
export interface RunSettings {
  model: string
  temperature?: number
  top_p?: number
  max_tokens?: number
  stop?: string[]
  response_format?: ResponseFormat
  tools?: ToolDefinition[]
}

/** Something of a config that was not used, and why. */
export interface IgnoredSetting {
  setting: SettingKey
  reason: string
}

export interface AppliedSettings {
  used: RunSettings
  ignored: IgnoredSetting[]
}

/** Says what a provider cannot do of some settings. */
export type Refuses = (settings: Omit<RunSettings, 'model'>) => IgnoredSetting[]

/** A version's config, or the part of it that counts in a run. */
export type RunConfig = Readonly<Record<string, unknown>>

/** The part of a config that counts in a run; undefined when nothing does. */
export function settingsIn(config: RunConfig): RunConfig | undefined {
  const found = SETTING_KEYS.flatMap((key) => {
    const value = config[key]
    return value === undefined || value === null ? [] : [[key, value] as const]
  })
  return found.length === 0 ? undefined : Object.fromEntries(found)
}

/**
 * How a model is asked by a configuration for a version's config: what the version says goes before what the
 * configuration says, but for its limit of tokens. The model is the configuration's; the version's is a hint
 * for a person who chooses one. Settings that do not fit are told.
 */
export function applySettings(
  facts: ConfigurationFacts,
  config: RunConfig | undefined,
  refuses: Refuses,
): AppliedSettings {
  const ignored: IgnoredSetting[] = []
  const wanted: Omit<RunSettings, 'model'> = {}
  for (const [key, read] of Object.entries(READERS)) {
    const value = config?.[key]
    if (value === undefined || value === null) continue
    const setting = key as SettingKey
    const result = read(value)
    if (typeof result === 'string') ignored.push({ setting, reason: result })
    else Object.assign(wanted, { [key]: result.value })
  }
  const hint = config?.model
  if (hint !== undefined && hint !== null && hint !== facts.model)
    ignored.push({ setting: 'model', reason: `The configuration "${facts.name}" asks ${facts.model}` })
  const most = facts.max_tokens
  if (most !== null && (wanted.max_tokens ?? 0) > most)
    ignored.push({ setting: 'max_tokens', reason: `The configuration "${facts.name}" allows ${most}` })
  const refused = refuses(wanted)
  for (const { setting } of refused) if (setting !== 'model') delete wanted[setting]
  const maxTokens = least(wanted.max_tokens, most)
  const temperature = wanted.temperature ?? facts.temperature
  const topP = wanted.top_p ?? facts.top_p
  return {
    used: {
      model: facts.model,
      ...wanted,
      ...(temperature === null ? {} : { temperature }),
      ...(topP === null ? {} : { top_p: topP }),
      ...(maxTokens === undefined ? {} : { max_tokens: maxTokens }),
    },
    ignored: [...ignored, ...refused],
  }
}

function least(wanted: number | undefined, most: number | null): number | undefined {
  if (most === null) return wanted
  return wanted === undefined ? most : Math.min(wanted, most)
}

/** The value as it is used, or what is wrong with it. */
type Reader = (value: unknown) => { value: unknown } | string

const READERS: Readonly<Record<Exclude<SettingKey, 'model'>, Reader>> = {
  temperature: (value) => (isBetween(value, 0, 2) ? { value } : 'It is no number from 0 to 2'),
  top_p: (value) => (isBetween(value, 0, 1) ? { value } : 'It is no number from 0 to 1'),
  max_tokens: (value) =>
    Number.isSafeInteger(value) && Number(value) > 0 ? { value } : 'It is no whole number from 1',
  stop: readStop,
  response_format: readFormat,
  tools: readTools,
}

function isBetween(value: unknown, low: number, high: number): boolean {
  return typeof value === 'number' && value >= low && value <= high
}

function readStop(value: unknown): { value: string[] } | string {
  const texts = Array.isArray(value) ? value : [value]
  const isRight = texts.length > 0 && texts.every((text) => typeof text === 'string' && text !== '')
  return isRight ? { value: texts as string[] } : 'It is neither a text nor a list of texts'
}

/** `"json"`, `{"type": "json"}`, or a schema in the place where OpenAI has it, or right there. */
function readFormat(value: unknown): { value: ResponseFormat } | string {
  const format = typeof value === 'string' ? { type: value } : value
  if (!isObject(format)) return 'It is neither a name nor an object'
  if (format.type === 'text') return { value: { type: 'text' } }
  if (format.type === 'json' || format.type === 'json_object') return { value: { type: 'json' } }
  if (format.type !== 'json_schema') return 'Its type is none of text, json, json_schema'
  const inner = isObject(format.json_schema) ? format.json_schema : format
  const { schema } = inner
  if (!isObject(schema)) return 'json_schema needs a schema'
  const name = typeof inner.name === 'string' && /^[\w-]{1,64}$/.test(inner.name) ? inner.name : 'answer'
  return { value: { type: 'json_schema', name, schema, strict: inner.strict === true } }
}

/** Functions as OpenAI writes them, `{type: "function", function: {…}}`, or plain as Anthropic does. */
function readTools(value: unknown): { value: ToolDefinition[] } | string {
  if (!Array.isArray(value) || value.length === 0) return 'It is no list of functions'
  const tools = value.flatMap((entry) => {
    const tool = isObject(entry) && isObject(entry.function) ? entry.function : entry
    if (!isObject(tool) || typeof tool.name !== 'string' || !/^[\w-]{1,64}$/.test(tool.name)) return []
    const parameters = tool.parameters ?? tool.input_schema ?? { type: 'object', properties: {} }
    if (!isObject(parameters)) return []
    const { name, description } = tool
    return [{ name, ...(typeof description === 'string' ? { description } : {}), parameters }]
  })
  return tools.length === value.length ? { value: tools } : 'One of its functions has no name, or no schema'
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
