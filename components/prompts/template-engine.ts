import type { AppError, ErrorDetail } from '#lib/errors.ts'
import type { Message } from '#lib/prompts/content/content.ts'
import type { PromptSource } from '#lib/prompts/template/types.ts'
import { compilePrompt, renderPrompt } from '#lib/prompts/template.ts'

/** What came of one attempt to render. */
export type Outcome =
  | { state: 'rendered'; content: string; messages: Message[] }
  | { state: 'incomplete'; missing: string[]; wrong: ErrorDetail[] }
  | { state: 'failed'; message: string }

export type Render = (values: Readonly<Record<string, string>>) => Outcome

/**
 * Compiles a prompt once for many renders. Never throws, and neither does what it returns.
 * This module brings the whole template language along: load it lazily.
 */
export function prepare(source: PromptSource): Render {
  try {
    const compiled = compilePrompt(source)
    return (values) => {
      try {
        const { content, messages } = renderPrompt(compiled, values)
        return { state: 'rendered', content, messages }
      } catch (error) {
        return explain(error)
      }
    }
  } catch (error) {
    const outcome = explain(error)
    return () => outcome
  }
}

function explain(error: unknown): Outcome {
  if (!(error instanceof Error)) return { state: 'failed', message: String(error) }
  const details: ErrorDetail[] = 'details' in error ? (error as AppError).details : []
  const missing = details.filter(({ code }) => code === 'missing_variable')
  const wrong = details.filter(({ code }) => code === 'invalid_variable')
  if (missing.length + wrong.length === 0) return { state: 'failed', message: error.message }
  return { state: 'incomplete', missing: missing.map(({ path }) => String(path[1])), wrong }
}
