import type { Actor } from '../../access/actor.ts'
import { readPrimary } from '../../db/read.ts'
import { appError } from '../../errors.ts'
import { getRuntime } from '../../runtime.ts'
import { contentFrom } from '../content/content.ts'
import { assertMay } from '../policy.ts'
import { poolQuery } from '../reading/stored-prompt.ts'
import type { RenderDraftInput, RenderedDraft } from '../render-schema.ts'
import type { CheckedDraft } from '../rendering/draft.ts'
import { renderers } from '../rendering/renderers.ts'
import { declareVariables } from '../variables/variables.ts'
import { type Pins, pinIncludes } from '../writing/pin-includes.ts'
import { assertLimits, assertUsable, assertVariableCount } from '../writing/prepare-version.ts'

/**
 * Checks and renders a text that belongs to no prompt, in a worker that is killed when it takes too long.
 * Its includes mean what they would be pinned to now.
 * @throws invalid_input, unprocessable with every problem and its place, too_large, forbidden, unavailable
 */
export async function renderDraft(actor: Actor, input: RenderDraftInput): Promise<RenderedDraft> {
  assertMay(actor, 'read')
  const content = contentFrom(input)
  assertLimits(content)
  const variables = input.variables === undefined ? undefined : declareVariables(input.variables)
  assertVariableCount(variables?.length ?? 0)
  const draft = { content, variables, maxVariables: getRuntime().config.limits.variables }
  const { safe } = renderers()
  const values = input.values ?? {}
  const alone = await safe.draft({ ...draft, includes: undefined }, values)
  if (alone.kind === 'checked') return answer(alone, { included: [], problems: [] })
  const pins = await readPrimary(({ pool }) =>
    pinIncludes(poolQuery(pool), actor, alone.includes, { lock: false }),
  )
  const pinned = await safe.draft({ ...draft, includes: pins.tree }, values)
  if (pinned.kind === 'checked') return answer(pinned, pins)
  throw appError('internal', 'A draft asked twice for what it includes.')
}

/** @throws too_large, unprocessable */
function answer(
  { variables, problems, warnings, rendered }: CheckedDraft,
  pins: Pick<Pins, 'included' | 'problems'>,
): RenderedDraft {
  assertVariableCount(variables.length)
  assertUsable(problems, variables, pins)
  if (rendered === undefined) throw appError('internal', 'A draft without problems was not rendered.')
  return {
    content: rendered.content,
    messages: rendered.messages,
    includes: pins.included.map(({ name, version, checksum }) => ({ name, version, checksum })),
    variables: [...variables],
    warnings: [...warnings, ...rendered.warnings],
  }
}
