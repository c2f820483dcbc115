import type { Actor } from '../../access/actor.ts'
import { relocated } from '../../errors.ts'
import { operation } from '../../telemetry/operation.ts'
import type { RenderedPrompt } from '../render-schema.ts'
import { type RenderPromptRequest, renderPrompt } from './render-prompt.ts'

/**
 * Renders a prompt for a query in which every parameter is a variable.
 * @throws as renderPrompt, naming parameters of the query
 */
export const renderPromptByQuery = operation('renderPromptByQuery', run)

async function run(actor: Actor, input: RenderPromptRequest): Promise<RenderedPrompt> {
  try {
    return await renderPrompt(actor, input)
  } catch (error) {
    throw relocated(error, inRenderQuery)
  }
}

const SELECTORS: ReadonlySet<unknown> = new Set(['label', 'version', 'at'])

/** Where a part of the request stands in the query. */
function inRenderQuery([first, ...rest]: (string | number)[]): (string | number)[] {
  if (first === undefined || first === 'variables') return rest
  return SELECTORS.has(first) ? [`_${first}`, ...rest] : [first, ...rest]
}
