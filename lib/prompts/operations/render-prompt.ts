import type { Actor } from '../../access/actor.ts'
import { issueReceipt } from '../../outcomes/receipt.ts'
import { operation } from '../../telemetry/operation.ts'
import { findVersion } from '../cache/find-version.ts'
import { rememberValues } from '../cache/past-values.ts'
import type { ResolvedVersion } from '../cache/prompt-cache.ts'
import { type Counting, countRead } from '../count-read.ts'
import { assertMay } from '../policy.ts'
import { renderVersion, takeRoomInTurn } from '../render/renderers.ts'
import type { RenderedPrompt, RenderInput } from '../render-schema.ts'

export type RenderPromptRequest = RenderInput & { name: string }

const RENDER: Counting = { operation: 'render' }
const NO_VALUES = {}

/**
 * Renders the version that the selector means (`production` without one). A version in memory costs a few
 * microseconds beyond its own rendering; it renders on while the database is away.
 * @param input already parsed; the values are checked against the version's variables here
 * @throws not_found (with `labels` when the prompt lacks the label), invalid_input for label and version
 *   both, unprocessable naming each missing, wrong or unknown variable, too_large, forbidden, unavailable,
 *   overloaded when too many large results are asked for at once
 */
export const renderPrompt = operation('renderPrompt', run)

async function run(
  actor: Actor,
  input: RenderPromptRequest,
  counting: Counting = RENDER,
): Promise<RenderedPrompt> {
  const startedAt = performance.now()
  const given = input.variables ?? NO_VALUES
  let found: ResolvedVersion | undefined
  try {
    assertMay(actor, 'read')
    const finding = findVersion(actor, input.name, input)
    // Awaiting what is at hand would cost a turn of the microtask queue.
    found = finding instanceof Promise ? await finding : finding
    const rendering = renderVersion(actor, found.version, given)
    const { content, messages, warnings } = rendering instanceof Promise ? await rendering : rendering
    takeRoomInTurn(content.length)
    countRead(actor, counting, { asked: input, found, given, startedAt })
    if (input.variables !== undefined)
      rememberValues(actor, found.resolution.prompt.id, found.version.variables, input.variables)
    const { prompt, label, included } = found.resolution
    const { version, checksum } = found.version.stored
    return {
      name: prompt.name,
      version,
      label,
      checksum,
      content,
      messages,
      includes: included,
      warnings,
      receipt: issueReceipt(found.resolution, counting.operation, () => ({
        workspaceId: actor.workspaceId,
        promptId: prompt.id,
        version,
        checksum,
        label,
        generationId: null,
      })),
    }
  } catch (error) {
    countRead(actor, counting, { asked: input, found, given, startedAt, error })
    throw error
  }
}
