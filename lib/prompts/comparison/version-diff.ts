import canonicalize from 'canonicalize'
import type { Json } from '../../liquid/json.ts'
import type { Variable } from '../../liquid/variable.ts'
import type { ContentPart, PromptContent, PromptMessage } from '../content/content.ts'
import { type Cut, type CutLimits, cutDiffs } from './cut.ts'
import { type DiffOptions, diffTexts, type TextDiff } from './diff.ts'

/** The parts of two versions that can be compared. */
export interface ComparedVersion {
  title: string | null
  description: string | null
  content: PromptContent
  variables: readonly Variable[]
  config: Json
  publish: Json
}

/** The parts of a comparison: the format is one of its own, though it belongs to the content. */
export type ComparedField = keyof ComparedVersion | 'format'

/** A part that differs. */
export interface FieldDiff extends TextDiff {
  field: ComparedField
}

/** How two versions are compared, and how much of it is kept. */
export type CompareOptions = DiffOptions & CutLimits

/** Compares two versions and keeps what fits. @returns also how many lines were left out */
export function compareVersions(
  before: ComparedVersion,
  after: ComparedVersion,
  { rows, size, ...options }: CompareOptions,
): Cut<FieldDiff> {
  return cutDiffs(diffVersions(before, after, options), { rows, size })
}

/** Characters of a comparison that takes at most some milliseconds. */
const QUICK_LENGTH = 8_000

/** Whether two versions are so short that comparing them holds nobody up. */
export function isQuickToCompare(before: ComparedVersion, after: ComparedVersion): boolean {
  let length = 0
  for (const version of [before, after])
    for (const [, text] of asTexts(version)) {
      length += text.length
      if (length > QUICK_LENGTH) return false
    }
  return true
}

/** Compares two versions part by part; parts that are the same are left out. */
export function diffVersions(
  before: ComparedVersion,
  after: ComparedVersion,
  options?: DiffOptions,
): FieldDiff[] {
  const [old, now] = [asTexts(before), asTexts(after)]
  return now.flatMap(([field, text], index) => {
    const previous = old[index]?.[1] ?? ''
    return previous === text ? [] : [{ field, ...diffTexts(previous, text, options) }]
  })
}

function asTexts(version: ComparedVersion): [ComparedField, string][] {
  return [
    ['title', version.title ?? ''],
    ['description', version.description ?? ''],
    ['format', version.content.format ?? 'liquid'],
    ['content', sourceText(version.content)],
    ['variables', version.variables.map((variable) => stableJson({ ...variable })).join('\n')],
    ['config', stableJson(version.config)],
    ['publish', stableJson(version.publish)],
  ]
}

/** JSON that looks the same whatever order its keys came in. */
function stableJson(value: Json): string {
  return JSON.stringify(JSON.parse(canonicalize(value) ?? 'null'), null, 2)
}

/** A version's text as its author wrote it; a chat with a heading for each message. */
export function sourceText(content: PromptContent): string {
  if (content.kind === 'text') return content.template_content
  return content.messages.map(messageText).join('\n\n')
}

function messageText(message: PromptMessage): string {
  if ('type' in message)
    return `[placeholder]\n${message.name}${message.required === false ? ' (optional)' : ''}`
  return `[${message.role}]\n${contentText(message.content)}`
}

function contentText(content: string | ContentPart[]): string {
  return typeof content === 'string' ? content : content.map(partText).join('\n')
}

function partText(part: ContentPart): string {
  if (part.type === 'text' && !part.annotations) return part.text
  return stableJson(withoutBytes(part))
}

/** Base64 would drown the text: its length and first characters tell enough of a change. */
function withoutBytes(part: ContentPart): Json {
  const short = (data: string) => `${data.slice(0, 24)}… (${data.length} characters of base64)`
  if (part.type === 'image' || part.type === 'audio')
    return JSON.parse(JSON.stringify({ ...part, data: short(part.data) }))
  if (part.type !== 'resource' || part.resource.blob === undefined) return JSON.parse(JSON.stringify(part))
  return JSON.parse(
    JSON.stringify({ ...part, resource: { ...part.resource, blob: short(part.resource.blob) } }),
  )
}
