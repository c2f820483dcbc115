import type { Actor } from '../../access/actor.ts'
import { readPrimary } from '../../db/read.ts'
import { contentFrom } from '../content/content.ts'
import { assertMay } from '../policy.ts'
import { poolQuery } from '../reading/stored-prompt.ts'
import type { RenderDraftInput, RenderedDraft } from '../render-schema.ts'
import { renderers } from '../rendering/renderers.ts'
import { analyse } from '../template.ts'
import { pinIncludes } from '../writing/pin-includes.ts'
import { assertLimits, assertVariableCount, checkContent, variablesOf } from '../writing/prepare-version.ts'

/**
 * Checks and renders a text that belongs to no prompt, in a worker that is killed when it takes too long.
 * Its includes mean what they would be pinned to now.
 * @throws invalid_input, unprocessable with every problem and its place, too_large, forbidden, unavailable
 */
export async function renderDraft(actor: Actor, input: RenderDraftInput): Promise<RenderedDraft> {
  assertMay(actor, 'read')
  const content = contentFrom(input)
  assertLimits(content)
  const analysis = analyse(content)
  const { variables } = variablesOf(input, undefined, analysis)
  assertVariableCount(variables.length)
  const pins =
    analysis.includes.length === 0
      ? { tree: new Map(), included: [], problems: [] }
      : await readPrimary(({ pool }) => pinIncludes(poolQuery(pool), actor, analysis, { lock: false }))
  const checked = checkContent(content, variables, pins)
  const source = { content, variables, includes: pins.tree }
  const rendered = await renderers().safe.render(source, input.values ?? {})
  return {
    content: rendered.content,
    messages: rendered.messages,
    includes: pins.included.map(({ name, version, checksum }) => ({ name, version, checksum })),
    variables: [...variables],
    warnings: [...checked, ...rendered.warnings],
  }
}
