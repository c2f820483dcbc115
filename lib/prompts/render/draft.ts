import type { ErrorDetail } from '../../errors.ts'
import type { IncludeTree, IncludeUse, TemplateLimits, Warning } from '../../liquid/types.ts'
import type { Variable } from '../../liquid/variable.ts'
import type { PromptContent } from '../content/content.ts'
import type { RenderedPrompt } from '../template/types.ts'
import { analyse, checkPrompt, compilePrompt, inferVariables, renderPrompt } from '../template.ts'

/** A text that belongs to no prompt. Plain data that can be sent to a worker. */
export interface DraftSource {
  content: PromptContent
  /** Left out: what the text uses, as the text tells. */
  variables: readonly Variable[] | undefined
  /** What its references are pinned to; left out while that is not known. */
  includes: IncludeTree | undefined
  /** A draft that uses more is not looked at further. */
  maxVariables: number
}

/** What came of a draft. */
export type DraftOutcome = UnpinnedDraft | CheckedDraft

/** It includes others: it is to be sent again with what they are pinned to. */
interface UnpinnedDraft {
  kind: 'unpinned'
  includes: IncludeUse[]
}

export interface CheckedDraft {
  kind: 'checked'
  /** One more than `maxVariables` when there are more. */
  variables: readonly Variable[]
  problems: ErrorDetail[]
  warnings: Warning[]
  /** undefined when there are problems or too many variables. */
  rendered: RenderedPrompt | undefined
}

/**
 * Analyses, checks and renders a draft: for a worker, since the largest text that is allowed takes a
 * tenth of a second to be analysed alone.
 * @throws AppError as renderPrompt does
 */
export function runDraft(
  { content, variables: declared, includes, maxVariables }: DraftSource,
  values: Readonly<Record<string, unknown>>,
  limits: TemplateLimits,
): DraftOutcome {
  const analysis = analyse(content, limits.texts)
  if (includes === undefined && analysis.includes.length > 0)
    return { kind: 'unpinned', includes: analysis.includes }
  const variables = declared ?? inferVariables(analysis).slice(0, maxVariables + 1)
  const tooMany = variables.length > maxVariables
  if (tooMany) return { kind: 'checked', variables, problems: [], warnings: [], rendered: undefined }
  const source = { content, variables, includes: includes ?? new Map<string, never>() }
  const { problems, warnings } = checkPrompt(source, limits.texts)
  const rendered = problems.length > 0 ? undefined : renderPrompt(compilePrompt(source), values, limits)
  return { kind: 'checked', variables, problems, warnings, rendered }
}
