import { type AppError, isAppError } from '../../errors.ts'
import { processorMs } from '../../liquid/budget.ts'
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

/**
 * Milliseconds of processor time that this thread spends on a call: how long it holds the event loop on
 * an idle machine, whatever else runs on this one. The least of up to five calls, for a single one may pay for
 * memory that others left behind; the first one below the limit is enough.
 */
export function threadMs(run: () => unknown, limit: number): number {
  let least = Number.POSITIVE_INFINITY
  for (let calls = 0; calls < 5 && least >= limit; calls++) {
    const before = process.threadCpuUsage()
    run()
    least = Math.min(least, sinceMs(before))
  }
  return least
}

/** Milliseconds of processor time of this thread since a `process.threadCpuUsage()`. */
function sinceMs(before: NodeJS.CpuUsage): number {
  return processorMs(process.threadCpuUsage(before))
}

/**
 * The longest that this thread worked in one go while something went on, in milliseconds of processor time:
 * how long it held the event loop on an idle machine.
 */
export async function longestTurnMs(work: () => Promise<unknown>): Promise<number> {
  let longest = 0
  let before = process.threadCpuUsage()
  const look = () => {
    longest = Math.max(longest, sinceMs(before))
    before = process.threadCpuUsage()
  }
  const timer = setInterval(look, 1)
  await work().finally(() => clearInterval(timer))
  look()
  return longest
}
