import { type AppError, isAppError } from '../../errors.ts'
import type { IncludedPrompt, IncludeTree, TemplateLimits } from '../../liquid/types.ts'
import type { Variable } from '../../liquid/variable.ts'
import type { PromptContent } from '../content/content.ts'
import { analyse, compilePrompt, inferVariables, renderPrompt } from '../template.ts'

/* Shorthands of the tests beside this file. */

export function textContent(text: string): PromptContent {
  return { kind: 'text', template_content: text }
}

/** Renders a text; its variables are inferred, and all optional unless they are given. */
export function renderText(
  text: string,
  values: Record<string, unknown> = {},
  more: { variables?: Variable[]; includes?: IncludeTree; limits?: TemplateLimits } = {},
): string {
  const content = textContent(text)
  const variables = more.variables ?? inferVariables(analyse(content))
  const compiled = compilePrompt({ content, variables, includes: more.includes ?? new Map() })
  return renderPrompt(compiled, values, more.limits).content
}

/** The AppError that a call throws. */
export function errorOf(run: () => unknown): AppError {
  try {
    run()
  } catch (error) {
    if (isAppError(error)) return error
    throw error
  }
  throw new Error('Nothing was thrown')
}

/** A prompt to include; by default version 1 without variables. */
export function included(name: string, text: string, more: Partial<IncludedPrompt> = {}): IncludedPrompt {
  return { name, version: 1, text, variables: [], includes: new Map(), ...more }
}
