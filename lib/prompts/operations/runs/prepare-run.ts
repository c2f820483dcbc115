import type { Actor } from '../../../access/actor.ts'
import { relocated } from '../../../errors.ts'
import type { Json } from '../../../liquid/json.ts'
import { operation } from '../../../telemetry/operation.ts'
import { findVersion, type VersionChoice } from '../../cache/find-version.ts'
import { rememberValues } from '../../cache/past-values.ts'
import type { ResolvedVersion } from '../../cache/prompt-cache.ts'
import { versionChecksum } from '../../content/checksum.ts'
import type { Message } from '../../content/content.ts'
import { runDraft } from '../../plan/run-draft.ts'
import { assertMay } from '../../policy.ts'
import { renderVersion } from '../../render/renderers.ts'
import type { RenderDraftInput } from '../../render-schema.ts'

/** The version that is to be run. */
export interface RunVersion {
  prompt_id: string
  name: string
  version: number
  label: string | null
  /** Of the version, or of the draft. */
  checksum: string
}

/** A prompt rendered as a model is to be sent it. */
export interface PreparedRun extends RunVersion {
  messages: Message[]
  /** Of the version, unless the draft has its own. */
  config: { [key: string]: Json }
}

export type RunRequest = VersionChoice & {
  name: string
  /** An edited text instead of the version that the selector means. */
  draft?:
    | (Pick<RenderDraftInput, 'template_content' | 'messages' | 'format' | 'variables'> & {
        config?: { [key: string]: Json } | undefined
      })
    | undefined
  values: Readonly<Record<string, unknown>>
}

/**
 * Finds a version as a render does and renders it for a model. It is not counted as a use of the prompt:
 * the generation itself is the record of it.
 * @throws as renderPrompt, with a draft as renderDraft
 */
export const prepareRun = operation('prepareRun', run)

async function run(actor: Actor, request: RunRequest): Promise<PreparedRun> {
  assertMay(actor, 'read')
  const { draft, values } = request
  const { resolution, version: compiled } = await findVersionToRun(actor, request)
  const { prompt, label } = resolution
  const { version, checksum, config } = compiled.stored
  const found = { prompt_id: prompt.id, name: prompt.name, version, label }
  if (draft !== undefined)
    return { ...found, config: draft.config ?? config, ...(await renderDraftFor(actor, draft, values)) }
  const { messages } = await renderVersion(actor, compiled, values)
  rememberValues(actor, prompt.id, compiled.variables, values)
  return { ...found, checksum, messages, config }
}

async function renderDraftFor(
  actor: Actor,
  draft: NonNullable<RunRequest['draft']>,
  values: RunRequest['values'],
): Promise<Pick<PreparedRun, 'checksum' | 'messages'>> {
  const { config = {}, ...text } = draft
  const { content, variables, pins, rendered } = await runDraft(actor, { ...text, values }).catch(
    (error: unknown) => {
      throw relocated(error, inRequest)
    },
  )
  const checksum = versionChecksum({ content, variables, config, includes: pins.tree })
  return { checksum, messages: rendered.messages }
}

/**
 * Finds the version of a run, whose request names it as `prompt`.
 * @throws as findVersion
 */
export async function findVersionToRun(
  actor: Actor,
  request: VersionChoice & { name: string },
): Promise<ResolvedVersion> {
  try {
    return await findVersion(actor, request.name, request)
  } catch (error) {
    throw relocated(error, ([first, ...rest]) =>
      first === undefined ? [] : [first === 'name' ? 'prompt' : first, ...rest],
    )
  }
}

/** Where a draft and its values stand in the request of a run. */
function inRequest([first, ...rest]: (string | number)[]): (string | number)[] {
  if (first === undefined) return []
  return first === 'values' ? ['variables', ...rest] : ['draft', first, ...rest]
}
