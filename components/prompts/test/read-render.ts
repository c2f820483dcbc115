import type { Variable } from '#lib/liquid/variable.ts'
import type { PromptContent } from '#lib/prompts/content/content.ts'
import { call, ProblemError } from '#lib/rest/client.ts'
import { type Outcome, outcomeOf } from './template-engine.ts'

// This module brings the template engine along: load it lazily.

/** A draft and its values, for the server to render. */
export interface RenderRequest {
  content: PromptContent
  variables: readonly Variable[]
  values: Readonly<Record<string, string>>
}

/**
 * Has the server render a draft; a refusal is an outcome like any other.
 * @throws ProblemError when it cannot answer, which a later attempt may change
 */
export async function readRender(
  { content, variables, values }: RenderRequest,
  signal: AbortSignal,
): Promise<Outcome> {
  try {
    const { kind: _, ...fields } = content
    const body = { ...fields, variables: [...variables], values: { ...values } }
    const { content: text, messages } = await call('POST /api/render', { body, signal })
    return { state: 'rendered', content: text, messages }
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.status < 400 || error.problem.status >= 500)
      throw error
    const outcome = outcomeOf(error.problem.errors ?? [], error.message)
    return outcome.state === 'heavy' ? { state: 'failed', message: error.message } : outcome
  }
}
