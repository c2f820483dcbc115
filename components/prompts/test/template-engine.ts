import type { AppError, ErrorDetail } from '#lib/errors.ts'
import { DEFAULT_LIMITS } from '#lib/liquid/budget.ts'
import type { IncludeTree, IncludeUse, TemplateLimits } from '#lib/liquid/types.ts'
import type { Variable } from '#lib/liquid/variable.ts'
import type { Message, PromptContent } from '#lib/prompts/content/content.ts'
import { analyse, compilePrompt, proposeVariables, renderPrompt } from '#lib/prompts/template.ts'

/** The result of one attempt to render. */
export type Outcome =
  | { state: 'rendered'; content: string; messages: Message[] }
  | { state: 'incomplete'; missing: string[]; wrong: ErrorDetail[] }
  /** The text itself is not right; each problem tells its place. */
  | { state: 'invalid'; problems: ErrorDetail[] }
  /** More work than a page should do between two keystrokes. */
  | { state: 'heavy' }
  | { state: 'failed'; message: string }

export type Rendered = Extract<Outcome, { state: 'rendered' }>
export type Render = (values: Readonly<Record<string, string>>) => Outcome

/** The variables and includes that a text uses, as far as the form needs them. */
export interface Uses {
  /** Used and not declared: declarations as the server would make them. */
  undeclared: Variable[]
  includes: IncludeUse[]
  /** The text cannot be read to its end, so the lists above may lack something. */
  isBroken: boolean
}

/**
 * The budget of a render between two keystrokes: a frame or two. The server renders anything heavier: its
 * limits are wider, and its workers can be ended.
 */
const LIMITS: TemplateLimits = { ...DEFAULT_LIMITS, work: 1_500_000, output: 300_000, timeMs: 40 }
const LIMIT_CODES: ReadonlySet<string> = new Set(['work_limit', 'time_limit', 'output_limit'])

/*
 * This module brings the whole template language along: load it lazily. None of its functions throws.
 */

/** Finds the variables and includes that a draft uses. */
export function usesOf(content: PromptContent, declared: readonly Variable[]): Uses {
  const analysis = analyse(content)
  const names = new Set(declared.map(({ name }) => name))
  return {
    undeclared: proposeVariables(analysis).filter(({ name }) => !names.has(name)),
    includes: analysis.includes,
    isBroken: analysis.problems.length > 0,
  }
}

/** Compiles a draft once for many renders. */
export function prepare(
  content: PromptContent,
  variables: readonly Variable[],
  includes: IncludeTree,
  limits: TemplateLimits = LIMITS,
): Render {
  try {
    const compiled = compilePrompt({ content, variables, includes })
    return (values) => {
      try {
        const { content: text, messages } = renderPrompt(compiled, values, limits)
        return { state: 'rendered', content: text, messages }
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
  return outcomeOf(details, error.message)
}

/** The outcome that the details of a refusal mean, the server's and ours alike. */
export function outcomeOf(details: readonly ErrorDetail[], message: string): Outcome {
  const missing = details.filter(({ code }) => code === 'missing_variable')
  const wrong = details.filter(({ code }) => code === 'invalid_variable')
  if (missing.length + wrong.length > 0)
    return { state: 'incomplete', missing: missing.map(({ path }) => String(path[1])), wrong }
  if (details.some(({ code }) => LIMIT_CODES.has(code))) return { state: 'heavy' }
  const placed = details.filter(({ range }) => range !== undefined)
  return placed.length > 0 ? { state: 'invalid', problems: placed } : { state: 'failed', message }
}
