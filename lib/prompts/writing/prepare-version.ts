import type { Actor } from '../../access/actor.ts'
import { appError, type ErrorDetail } from '../../errors.ts'
import { getRuntime } from '../../runtime.ts'
import { versionChecksum } from '../content/checksum.ts'
import { contentFrom, type PromptContent } from '../content/content.ts'
import { templateFields } from '../content/content-fields.ts'
import type { Json } from '../content/json.ts'
import type { Query } from '../reading/stored-prompt.ts'
import { callerOf, renderers } from '../rendering/renderers.ts'
import type { CreateVersionInput, Publish, Warning } from '../schema.ts'
import type { Analysis } from '../template/types.ts'
import { inferVariables } from '../template.ts'
import { BUILT_IN_TOOLS } from '../tool-name.ts'
import type { Variable } from '../variables/variable.ts'
import { declareVariables } from '../variables/variables.ts'
import { type Pins, pinIncludes } from './pin-includes.ts'

/** What an author says about a version. */
export type VersionInput = Omit<CreateVersionInput, 'labels'>

/** The version that a new one starts from. */
export interface BaseVersion {
  content: PromptContent
  variables: readonly Variable[]
  config: { [key: string]: Json }
  title: string
  description: string
  publish: Publish
}

/** A version that was checked and can be written. */
export interface PreparedVersion extends BaseVersion {
  message: string
  pins: Pins
  checksum: string
  warnings: Warning[]
}

/**
 * Makes a version out of what was said and what it starts from, pins its includes and checks it.
 * @param base undefined for the first version
 * @throws invalid_input, unprocessable with every problem and its place, too_large
 */
export async function prepareVersion(
  query: Query,
  actor: Actor,
  name: string,
  input: VersionInput,
  base: BaseVersion | undefined,
): Promise<PreparedVersion> {
  const content = contentOf(input, base)
  const publish = { prompt: true, tool: false, ...base?.publish, ...input.publish }
  assertToolName(name, publish)
  const config = input.config ?? base?.config ?? {}
  assertLimits(content, config)
  const { safe } = renderers()
  const caller = callerOf(actor)
  const { analysis } = await safe.check({ content, variables: [] }, caller)
  const { variables, warnings } = variablesOf(input, base, analysis)
  assertVariableCount(variables.length)
  const pins = await pinIncludes(query, actor, analysis.includes, { lock: true })
  assertIncludedBytes(pins)
  const { problems, warnings: found } = await safe.check({ content, variables, includes: pins.tree }, caller)
  assertUsable(problems, variables, pins)
  return {
    content,
    variables,
    config,
    title: input.title ?? base?.title ?? '',
    description: input.description ?? base?.description ?? '',
    publish,
    message: input.message ?? '',
    pins,
    checksum: versionChecksum({ content, variables, config, includes: pins.tree }),
    warnings: [...warnings, ...found],
  }
}

/** @throws invalid_input unless there is exactly one of text and messages, said or to start from */
function contentOf(input: VersionInput, base: BaseVersion | undefined): PromptContent {
  return base !== undefined && !hasContent(input) ? base.content : contentFrom(input)
}

/**
 * The declared variables. Left out: those of the base version while its text stays; with a new text what it
 * uses, as the base version declared it, else as the text tells. What a new text uses no more goes, since it
 * could only be asked for in vain.
 */
function variablesOf(
  input: VersionInput,
  base: BaseVersion | undefined,
  analysis: Analysis,
): { variables: readonly Variable[]; warnings: Warning[] } {
  if (input.variables !== undefined) return { variables: declareVariables(input.variables), warnings: [] }
  const inferred = inferVariables(analysis)
  if (base === undefined) return { variables: inferred, warnings: [] }
  // While a text cannot be parsed nobody knows what it uses; the check tells its author.
  if (!hasContent(input) || analysis.problems.length > 0) return { variables: base.variables, warnings: [] }
  const used = new Set(inferred.map((variable) => variable.name))
  const kept = base.variables.filter((variable) => used.has(variable.name))
  const known = new Set(kept.map((variable) => variable.name))
  const added = inferred.filter((variable) => !known.has(variable.name))
  const dropped = base.variables.filter((variable) => !used.has(variable.name))
  return {
    variables: [...kept, ...added],
    warnings: [
      ...added.map(({ name }) => told('variable_added', `${name} is new: it was read from the text`)),
      ...dropped.map(({ name }) => told('variable_dropped', `${name} is used no more and was dropped`)),
    ],
  }
}

function hasContent(input: Pick<VersionInput, 'template_content' | 'messages'>): boolean {
  return input.template_content !== undefined || input.messages !== undefined
}

function told(code: string, message: string): Warning {
  return { code, message, path: ['variables'] }
}

/**
 * The rule at saving, for versions and drafts.
 * @param problems what the check of the content found
 * @throws unprocessable with every problem and its place
 */
export function assertUsable(
  problems: readonly ErrorDetail[],
  variables: readonly Variable[],
  pins: Pick<Pins, 'problems' | 'included'>,
): void {
  // A reference that could not be pinned is told with its reason, not as unknown besides.
  const explained = new Set(pins.problems.map(placeKey))
  // And where there were too many, none of them was looked for.
  const wereTooMany = pins.problems.some(({ code }) => code === 'too_many_includes')
  const rest = wereTooMany ? [] : problems.filter((problem) => !explained.has(placeKey(problem)))
  const details = [...pins.problems, ...rest]
  const { includes, variables: most } = getRuntime().config.limits
  if (variables.length > most)
    details.push({
      path: ['variables'],
      code: 'too_many_variables',
      message: `A prompt has at most ${most} variables`,
    })
  if (pins.included.length > includes) {
    const message = `A version includes at most ${includes} others, nested ones counted`
    details.push({ path: [], code: 'too_many_includes', message })
  }
  const [first] = details
  if (first !== undefined)
    throw appError('unprocessable', `The prompt cannot be saved: ${first.message}.`, { details })
}

function placeKey({ path, range }: ErrorDetail): string {
  return `${path.join('.')} ${range?.start}`
}

/** @throws unprocessable for a prompt that would hide one of the server's own tools */
export function assertToolName(name: string, publish: { tool: boolean }): void {
  if (!publish.tool || !BUILT_IN_TOOLS.has(name)) return
  const message = `"${name}" is a tool of the server itself, so no prompt of that name can be one`
  throw appError('unprocessable', `${message}.`, {
    details: [{ path: ['publish', 'tool'], code: 'tool_name_taken', message }],
  })
}

/** An escaped NUL or half of a surrogate pair in a JSON text, whose backslash is not escaped itself. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/

/** @throws too_large past the configured limits, invalid_input for what the database cannot hold */
export function assertLimits(content: PromptContent, config: { [key: string]: unknown } = {}): void {
  const { limits } = getRuntime().config
  const bytes = templateFields(content).reduce((sum, { text }) => sum + Buffer.byteLength(text), 0)
  if (bytes > limits.template_bytes)
    throw tooLarge('template_content', `The texts hold more than ${limits.template_bytes} bytes.`)
  if (content.kind === 'chat' && content.messages.length > limits.messages)
    throw tooLarge('messages', `There are more than ${limits.messages} messages.`)
  const json = JSON.stringify(config)
  if (Buffer.byteLength(json) > limits.template_bytes)
    throw tooLarge('config', `The config holds more than ${limits.template_bytes} bytes.`)
  if (UNSTORABLE.test(json)) {
    const message = 'The config holds a character that cannot be stored.'
    throw appError('invalid_input', message, {
      details: [{ path: ['config'], code: 'unstorable_character', message }],
    })
  }
}

/**
 * For versions and drafts: what includes add up to is parsed and sent along with each of them.
 * @throws too_large past `limits.include_bytes`
 */
export function assertIncludedBytes({ included }: Pick<Pins, 'included'>): void {
  const most = getRuntime().config.limits.include_bytes
  const bytes = included.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0)
  if (bytes <= most) return
  const message = `The texts that it includes hold more than ${most} bytes (limits.include_bytes)`
  throw appError('too_large', `${message}.`, {
    details: [{ path: [], code: 'too_large', message }],
    extra: { limit: 'limits.include_bytes' },
  })
}

/** @throws too_large past the configured number of variables, declared or inferred */
export function assertVariableCount(count: number): void {
  const { limits } = getRuntime().config
  if (count > limits.variables)
    throw tooLarge('variables', `There are more than ${limits.variables} variables.`)
}

function tooLarge(field: string, message: string) {
  return appError('too_large', message, { details: [{ path: [field], code: 'too_large', message }] })
}
