import type { Actor } from '../../access/actor.ts'
import { appError, type ErrorDetail, overLimit } from '../../errors.ts'
import { refusedTemplate } from '../../liquid/fault.ts'
import type { Json } from '../../liquid/json.ts'
import type { Analysis, IncludeUse } from '../../liquid/types.ts'
import type { Variable } from '../../liquid/variable.ts'
import { getRuntime } from '../../runtime.ts'
import { versionChecksum } from '../content/checksum.ts'
import { type ContentPart, contentFrom, type PromptContent, type PromptMessage } from '../content/content.ts'
import { templateFields, withFormat } from '../content/content-fields.ts'
import { BUILT_IN_TOOLS } from '../name.ts'
import { readContent } from '../render/compiled-version.ts'
import { callerOf, renderers, valueLimits } from '../render/renderers.ts'
import type { CreateVersionInput, Publish, Warning } from '../schema.ts'
import { type Pins, pinIncludes } from '../store/includes.ts'
import { assertSkill } from '../store/skill-guard.ts'
import type { Query } from '../store/stored-prompt.ts'
import type { CheckOptions } from '../template/types.ts'
import { inferVariables } from '../template.ts'
import { withPlaceholders } from '../variables/messages.ts'
import { declareVariables, type VariablesInput } from '../variables/variables.ts'

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

/** A version whose includes are yet to be pinned. */
export interface DraftVersion extends BaseVersion {
  message: string
  /** What its texts include. */
  includes: IncludeUse[]
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
  const draft = await draftVersion(actor, name, input, base)
  const pins = await pinIncludes(query, actor, draft.includes, { lock: true })
  const version = await finishVersion(actor, draft, pins)
  await assertSkill(query, actor.workspaceId, name, version)
  return version
}

/**
 * The first half: what the version says, and what its texts use.
 * @throws invalid_input, unprocessable, too_large
 */
export async function draftVersion(
  actor: Actor,
  name: string,
  input: VersionInput,
  base: BaseVersion | undefined,
): Promise<DraftVersion> {
  const content = contentOf(input, base)
  const publish = { prompt: true, tool: false, skill: false, ...base?.publish, ...input.publish }
  assertToolName(name, publish)
  const config = input.config ?? base?.config ?? {}
  assertLimits(content, config)
  const analysis = await renderers().safe.analyse(content, callerOf(actor))
  const { variables: said, warnings } = variablesOf(input, base, analysis)
  const variables = withPlaceholders(said, content)
  assertVariableCount(variables)
  return {
    content,
    variables,
    config,
    title: input.title ?? base?.title ?? '',
    description: input.description ?? base?.description ?? '',
    publish,
    message: input.message ?? '',
    includes: analysis.includes,
    warnings,
  }
}

/**
 * The second half: the check, with what the includes are pinned to.
 * @param options.warns false where nobody reads the warnings
 * @throws unprocessable with every problem and its place, too_large
 */
export async function finishVersion(
  actor: Actor,
  draft: DraftVersion,
  pins: Pins,
  options: CheckOptions = {},
): Promise<PreparedVersion> {
  assertIncluded(pins)
  const { content, variables, config, title, description, publish, message } = draft
  const source = { content, variables, includes: pins.tree }
  const { problems, warnings } = await renderers().safe.check(source, callerOf(actor), options)
  assertUsable(problems, pins)
  return {
    content,
    variables,
    config,
    title,
    description,
    publish,
    message,
    pins,
    checksum: versionChecksum({ content, variables, config, includes: pins.tree }),
    warnings: [...draft.warnings, ...warnings],
  }
}

/** @throws invalid_input unless there is exactly one of text and messages, said or to start from */
function contentOf(input: VersionInput, base: BaseVersion | undefined): PromptContent {
  const format = input.format ?? base?.content.format
  return base !== undefined && !hasContent(input)
    ? withFormat(base.content, format)
    : contentFrom({ ...input, format })
}

/**
 * The declared variables. Left out: those of the base version while its text stays; with a new text what it
 * uses, as the base version declared it, else as the text tells. Variables that a new text no longer uses go:
 * they could only be asked for in vain.
 */
function variablesOf(
  input: VersionInput,
  base: BaseVersion | undefined,
  analysis: Analysis,
): { variables: readonly Variable[]; warnings: Warning[] } {
  if (input.variables !== undefined) {
    assertVariableCount(input.variables)
    return { variables: declareVariables(input.variables, valueLimits()), warnings: [] }
  }
  const inferred = inferVariables(analysis)
  if (base === undefined) return { variables: inferred, warnings: [] }
  // A text that cannot be parsed does not tell what it uses; the check tells its author.
  if (!isNewText(input, base) || analysis.problems.length > 0)
    return { variables: base.variables, warnings: [] }
  const used = new Map(inferred.map(({ name, type }) => [name, type === 'messages']))
  const kept = base.variables.filter(({ name, type }) => used.get(name) === (type === 'messages'))
  const known = new Set(kept.map((variable) => variable.name))
  const added = inferred.filter((variable) => !known.has(variable.name))
  const dropped = base.variables.filter(({ name }) => !used.has(name))
  return {
    variables: [...kept, ...added],
    warnings: [
      ...added.map(({ name }) => told('variable_added', `${name} is new: it was read from the text`)),
      ...dropped.map(({ name }) => told('variable_dropped', `${name} is used no more and was dropped`)),
    ],
  }
}

/** Whether the texts, or how they are read, may be others than before. */
function isNewText(input: VersionInput, { content }: BaseVersion): boolean {
  const { format = 'liquid' } = content
  return hasContent(input) || (input.format ?? format) !== format
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
 * @throws unprocessable with every problem and its place; too_large where a limit of texts was passed
 */
export function assertUsable(
  problems: readonly ErrorDetail[],
  pins: Pick<Pins, 'problems' | 'included'>,
): void {
  // A reference that could not be pinned is told with its reason, not as unknown besides.
  const explained = new Set(pins.problems.map(placeKey))
  const details = [...pins.problems, ...problems.filter((problem) => !explained.has(placeKey(problem)))]
  if (details.length > 0) throw refusedTemplate('The prompt cannot be saved', details)
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
  const bytes = textBytes(content)
  if (bytes > limits.template_bytes) {
    const field = content.kind === 'text' ? 'template_content' : 'messages'
    const said = `The texts of a version hold at most ${limits.template_bytes} bytes together, these ${bytes}`
    throw overLimit('limits.template_bytes', said, [field])
  }
  if (content.kind === 'chat') assertMessages(content.messages)
  const json = JSON.stringify(config)
  if (Buffer.byteLength(json) > limits.template_bytes)
    throw overLimit('limits.template_bytes', `The config holds at most ${limits.template_bytes} bytes`, [
      'config',
    ])
  if (UNSTORABLE.test(json)) {
    const message = 'The config holds a character that cannot be stored.'
    throw appError('invalid_input', message, {
      details: [{ path: ['config'], code: 'unstorable_character', message }],
    })
  }
}

/** Bytes of all texts of a content in UTF-8, whatever JSON makes of them. */
function textBytes(content: PromptContent): number {
  return templateFields(content).reduce((sum, { text }) => sum + Buffer.byteLength(text), 0)
}

function assertMessages(messages: readonly PromptMessage[]): void {
  const { limits } = getRuntime().config
  if (messages.length > limits.messages)
    throw overLimit('limits.messages', `A chat has at most ${limits.messages} messages`, ['messages'])
  for (const [index, message] of messages.entries()) {
    if ('type' in message || typeof message.content === 'string') continue
    const { content } = message
    const path = ['messages', index, 'content']
    if (content.length > limits.message_parts)
      throw overLimit('limits.message_parts', `A message has at most ${limits.message_parts} parts`, path)
    const place = content.findIndex((part) => attachmentBytes(part) > limits.attachment_bytes)
    if (place < 0) continue
    const said = `A picture, sound or file in a message has at most ${limits.attachment_bytes} bytes of base64`
    throw overLimit('limits.attachment_bytes', said, [...path, place])
  }
}

/** Base64 is ASCII: a character is a byte. */
function attachmentBytes(part: ContentPart): number {
  if (part.type === 'image' || part.type === 'audio') return part.data.length
  return part.type === 'resource' ? (part.resource.blob?.length ?? 0) : 0
}

/**
 * For versions and drafts, with each of which all included texts are parsed and sent along.
 * @throws too_large past `limits.includes` or `limits.include_bytes`
 */
export function assertIncluded({ included }: Pick<Pins, 'included'>): void {
  const { includes, include_bytes: most } = getRuntime().config.limits
  if (included.length > includes)
    throw overLimit('limits.includes', `A version includes at most ${includes} others, nested ones counted`)
  const bytes = included.reduce((sum, { kind, content }) => sum + textBytes(readContent(kind, content)), 0)
  if (bytes <= most) return
  throw overLimit('limits.include_bytes', `The texts that a version includes hold at most ${most} bytes`)
}

/** @throws too_large past the configured number of variables, declared or inferred, or of their allowed values */
export function assertVariableCount(variables: VariablesInput | readonly Variable[]): void {
  const { limits } = getRuntime().config
  if (variables.length > limits.variables)
    throw overLimit('limits.variables', `A prompt has at most ${limits.variables} variables`, ['variables'])
  for (const [index, variable] of variables.entries()) {
    if (typeof variable === 'string' || (variable.enum?.length ?? 0) <= limits.enum_values) continue
    const said = `${variable.name} has at most ${limits.enum_values} allowed values`
    throw overLimit('limits.enum_values', said, ['variables', index, 'enum'])
  }
}
