import type { Actor } from '../../access/actor.ts'
import { appError, isAppError } from '../../errors.ts'
import { versionChecksum } from '../content/checksum.ts'
import type { Message } from '../content/content.ts'
import { assertMay } from '../policy.ts'
import { findVersion, type VersionChoice } from '../reading/find-version.ts'
import { rememberValues } from '../reading/past-values.ts'
import type { RenderDraftInput } from '../render-schema.ts'
import { renderers } from '../rendering/renderers.ts'
import { runDraft } from '../writing/run-draft.ts'

/** A prompt rendered with each of some values, as a model is to be sent it. */
export interface PreparedRun {
  prompt_id: string
  name: string
  version: number
  label: string | null
  /** Of the version, or of the draft. */
  checksum: string
  /** One list of messages for each of the values. */
  rendered: Message[][]
}

export type RunRequest = VersionChoice & {
  name: string
  /** An edited text instead of the version that the selector means. */
  draft?: Pick<RenderDraftInput, 'template_content' | 'messages' | 'variables'> | undefined
  values: readonly Readonly<Record<string, unknown>>[]
  /** Where the caller gave the values, for errors: `['inputs', 3]`. */
  at?: (index: number) => (string | number)[]
}

/**
 * Finds a version as a render does and renders it for a model. It is not counted as a use of the prompt:
 * the generation itself is the record of it.
 * @throws as renderPrompt, with a draft as renderDraft
 */
export async function prepareRun(actor: Actor, request: RunRequest): Promise<PreparedRun> {
  assertMay(actor, 'read')
  const { resolution, version: compiled } = await findVersion(actor, request.name, request)
  const { prompt, label } = resolution
  const { version, checksum } = compiled.stored
  const found = { prompt_id: prompt.id, name: prompt.name, version, label }
  if (request.draft !== undefined)
    return { ...found, ...(await renderDraftFor(actor, request.draft, request.values)) }
  const source = { key: checksum, compiled: compiled.compiled(), source: compiled.source }
  const rendered: Message[][] = []
  for (const [index, values] of request.values.entries()) {
    try {
      const { messages } = await renderers().adaptive.render(source, values)
      rendered.push(messages)
    } catch (error) {
      throw placed(error, request.at?.(index))
    }
    rememberValues(actor, prompt.id, compiled.variables, values)
  }
  return { ...found, checksum, rendered }
}

/** The same error with the place of the values before each path. */
function placed(error: unknown, at: (string | number)[] | undefined): unknown {
  if (at === undefined || !isAppError(error)) return error
  const { code, message, details, extra, retryAfter } = error
  return appError(code, message, {
    details: details.map((detail) => ({ ...detail, path: [...at, ...detail.path] })),
    extra,
    ...(retryAfter !== undefined && { retryAfter }),
    cause: error,
  })
}

async function renderDraftFor(
  actor: Actor,
  draft: NonNullable<RunRequest['draft']>,
  all: RunRequest['values'],
): Promise<Pick<PreparedRun, 'checksum' | 'rendered'>> {
  let checksum = ''
  const rendered: Message[][] = []
  for (const values of all) {
    const run = await runDraft(actor, { ...draft, values })
    const { content, variables, pins } = run
    checksum = versionChecksum({ content, variables, config: {}, includes: pins.tree })
    rendered.push(run.rendered.messages)
  }
  return { checksum, rendered }
}
