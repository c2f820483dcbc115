import type { Actor } from '../../access/actor.ts'
import { onPrimary } from '../../db/read.ts'
import { appError, relocated } from '../../errors.ts'
import type { Variable } from '../../liquid/variable.ts'
import { getRuntime } from '../../runtime.ts'
import { contentFrom, type PromptContent } from '../content/content.ts'
import type { CheckedDraft, DraftSource } from '../render/draft.ts'
import { measured } from '../render/render-metrics.ts'
import { callerOf, renderers, valueLimits } from '../render/renderers.ts'
import type { RenderDraftInput } from '../render-schema.ts'
import { pinIncludes, type StoredPins } from '../store/includes.ts'
import { poolQuery } from '../store/stored-prompt.ts'
import type { RenderedPrompt } from '../template/types.ts'
import { withPlaceholders } from '../variables/messages.ts'
import { declareVariables } from '../variables/variables.ts'
import { assertIncluded, assertLimits, assertUsable, assertVariableCount } from './prepare-version.ts'

/** A draft without problems, rendered. */
export interface RunDraft {
  content: PromptContent
  variables: readonly Variable[]
  pins: Pick<StoredPins, 'tree' | 'included'>
  rendered: RenderedPrompt
  warnings: CheckedDraft['warnings']
}

const NO_PINS: Pick<StoredPins, 'tree' | 'included' | 'problems'> = {
  tree: new Map(),
  included: [],
  problems: [],
}

/**
 * Checks and renders a text that belongs to no prompt, in a worker that is killed when it takes too long.
 * Its includes mean what they would be pinned to now.
 * @throws invalid_input, unprocessable with every problem and its place, too_large, unavailable
 */
export async function runDraft(actor: Actor, input: RenderDraftInput): Promise<RunDraft> {
  return measured('draft', () => checkAndRender(actor, input))
}

async function checkAndRender(actor: Actor, input: RenderDraftInput): Promise<RunDraft> {
  const content = contentFrom(input)
  assertLimits(content)
  assertVariableCount(input.variables ?? [])
  const variables =
    input.variables === undefined
      ? undefined
      : withPlaceholders(declareVariables(input.variables, valueLimits()), content)
  const draft = { content, variables, maxVariables: getRuntime().config.limits.variables }
  const { safe } = renderers()
  const values = input.values ?? {}
  // A renderer knows the values of a prompt as its variables; here these are the declarations.
  const run = async (source: DraftSource) => {
    try {
      return await safe.draft(source, values, callerOf(actor))
    } catch (error) {
      throw relocated(error, (path) => (path[0] === 'variables' ? ['values', ...path.slice(1)] : path))
    }
  }
  const alone = await run({ ...draft, includes: undefined })
  if (alone.kind === 'checked') return usable(content, alone, NO_PINS)
  const pins = await onPrimary(({ pool }) =>
    pinIncludes(poolQuery(pool), actor, alone.includes, { lock: false }),
  )
  assertIncluded(pins)
  const pinned = await run({ ...draft, includes: pins.tree })
  if (pinned.kind === 'checked') return usable(content, pinned, pins)
  throw appError('internal', 'A draft asked twice for what it includes.')
}

/** @throws too_large, unprocessable */
function usable(
  content: PromptContent,
  { variables, problems, warnings, rendered }: CheckedDraft,
  pins: Pick<StoredPins, 'tree' | 'included' | 'problems'>,
): RunDraft {
  assertVariableCount(variables)
  assertUsable(problems, pins)
  if (rendered === undefined) throw appError('internal', 'A draft without problems was not rendered.')
  return { content, variables, pins, rendered, warnings }
}
