import { appError } from '../../errors.ts'
import { isJsonObject, type Json } from '../../liquid/json.ts'
import type { IncludedPrompt, IncludeTree } from '../../liquid/types.ts'
import type { Variable } from '../../liquid/variable.ts'
import { isHeavy } from '../../liquid/weight.ts'
import type { PromptContent } from '../content/content.ts'
import { templateFields } from '../content/content-fields.ts'
import type { StoredInclude, StoredIncluded, StoredRead, StoredVersion } from '../store/stored-prompt.ts'
import type { CompiledPrompt } from '../template/compile.ts'
import type { CheckedSource, PromptSource } from '../template/types.ts'
import { compilePrompt } from '../template.ts'
import { readVariables } from '../variables/variables.ts'
import { givenNames } from './given-names.ts'

/** A version in memory: what never changes of it, ready to render. Labels of all kinds share one. */
export interface CompiledVersion {
  readonly stored: Omit<StoredVersion, 'content' | 'variables'>
  readonly content: PromptContent
  readonly variables: readonly Variable[]
  /** Names the variables that a render gives a value, as a text. */
  readonly givenNames: (given: Readonly<Record<string, unknown>>) => string
  readonly source: () => PromptSource
  /**
   * Parsed at the first render.
   * @throws unprocessable when its text, or one that it includes, was redacted
   */
  readonly compiled: () => CompiledPrompt
  /**
   * Whether it holds so much code that it is to be parsed in a worker, at each render.
   * @throws as `compiled`
   */
  readonly isHeavy: () => boolean
  /** Rough bytes in memory. */
  readonly size: number
}

/** The column `content` of a version: the canonical JSON text, without the kind. */
export function contentText(content: PromptContent): string {
  const { kind: _, ...body } = content
  return JSON.stringify(body)
}

/** Reads the column back. A redacted chat has no messages, which no caller could save. */
export function readContent(kind: 'text' | 'chat', text: string): PromptContent {
  const body: Json = JSON.parse(text)
  if (isJsonObject(body)) {
    if (kind === 'text' && typeof body.template_content === 'string') {
      const { template_content } = body
      return { kind, template_content, ...(body.format === 'text' && { format: 'text' }) }
    }
    // Checked when it was saved; the row cannot change.
    if (kind === 'chat' && Array.isArray(body.messages)) return { kind, ...body } as PromptContent
  }
  throw appError('internal', 'A stored version cannot be read.')
}

/** Trees of what versions include, by the id of the including version; equal versions are one object. */
export function includeTrees(
  includes: readonly StoredInclude[],
  included: readonly StoredIncluded[],
): (versionId: string) => IncludeTree {
  const rows = new Map(included.map((row) => [row.id, row]))
  const made = new Map<string, IncludedPrompt>()
  const tree = (versionId: string): IncludeTree =>
    new Map(
      includes.flatMap((edge) => {
        const prompt = edge.version_id === versionId ? include(edge.included_version_id) : undefined
        return prompt === undefined ? [] : [[edge.ref, prompt] as const]
      }),
    )
  const include = (id: string): IncludedPrompt | undefined => {
    const known = made.get(id)
    const row = rows.get(id)
    if (known !== undefined || row === undefined) return known
    const content = readContent(row.kind, row.content)
    const prompt = {
      name: row.name,
      version: row.version,
      text: content.kind === 'text' ? content.template_content : '',
      ...(content.format === 'text' && { format: 'text' as const }),
      variables: readVariables(row.variables),
      includes: tree(id),
    }
    made.set(id, prompt)
    return prompt
  }
  return tree
}

/** Makes the version of a read ready for use. */
export function compileVersion(version: StoredVersion, read: StoredRead): CompiledVersion {
  const { content: text, variables: declared, ...stored } = version
  const content = readContent(version.kind, text)
  const variables = readVariables(declared)
  const includes = includeTrees(read.includes, read.included)(version.id)
  const source = () => ({ content, variables, includes })
  const redacted =
    version.redacted_at === null ? read.included.find((row) => row.redacted) : { name: '', ...version }
  let compiled: CompiledPrompt | undefined
  let heavy: boolean | undefined
  return {
    stored,
    content,
    variables,
    givenNames: givenNames(variables),
    source,
    isHeavy: () => {
      if (redacted !== undefined) throw isRedacted(redacted)
      heavy ??= isHeavy(textsOf(source()))
      return heavy
    },
    compiled: () => {
      if (redacted !== undefined) throw isRedacted(redacted)
      compiled ??= compilePrompt(source())
      return compiled
    },
    size: sizeOf(content, read.included),
  }
}

function isRedacted(gone: { name: string; version: number }) {
  const what =
    gone.name === '' ? `Version ${gone.version}` : `${gone.name}@${gone.version}, which it includes,`
  const message = `${what} was redacted: its text is gone, so it cannot be rendered.`
  return appError('unprocessable', message, { details: [{ path: ['version'], code: 'redacted', message }] })
}

/** A parsed text takes some ten times its length; a version some kilobytes besides. */
function sizeOf(content: PromptContent, included: readonly StoredIncluded[]): number {
  const own = templateFields(content).reduce((sum, field) => sum + field.text.length, 0)
  const others = included.reduce((sum, row) => sum + row.content.length, 0)
  return 4096 + 12 * (own + others)
}

/** The texts of a prompt and of all that it includes that are to be parsed, each once. */
export function* textsOf({ content, includes }: CheckedSource): Generator<string> {
  if (content.format !== 'text') for (const { text } of templateFields(content)) yield text
  if (includes !== undefined) yield* includedTexts(includes, new Set())
}

function* includedTexts(tree: IncludeTree, seen: Set<IncludedPrompt>): Generator<string> {
  for (const prompt of tree.values()) {
    if (seen.has(prompt)) continue
    seen.add(prompt)
    if (prompt.format !== 'text') yield prompt.text
    yield* includedTexts(prompt.includes, seen)
  }
}
