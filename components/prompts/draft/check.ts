import type { AppError, ErrorDetail } from '#lib/errors.ts'
import type { Fix } from '#lib/liquid/dialects/finding.ts'
import type { Analysis } from '#lib/liquid/types.ts'
import type { Variable } from '#lib/liquid/variable.ts'
import { skillDescriptionFault } from '#lib/prompts/rules.ts'
import { checkWithFixes, proposeVariables } from '#lib/prompts/template.ts'
import { declareVariables } from '#lib/prompts/variables/variables.ts'
import { type Draft, fieldsOfDraft, readConfig, rowOf } from './draft.ts'

/** Something to know about a draft; an error keeps it from being saved. */
export interface Problem extends ErrorDetail {
  severity: 'error' | 'warning'
  /** The fix that its button applies. */
  fix?: Fix
}

export interface Checked {
  /** The draft that was checked. */
  draft: Draft
  problems: Problem[]
  analysis: Analysis
  /** Declarations for variables that are used and not declared. */
  undeclared: Variable[]
}

const UNDECLARED = 'undeclared_variable'

/**
 * The draft as it is saved and run: with a declaration for each variable that its texts use, of the type that
 * the use tells, since writing it in a text declares it; and without empty system messages.
 */
export function wholeDraft(draft: Draft): Draft {
  const added = checkDraft(draft).undeclared.map((variable) => rowOf(variable, `used ${variable.name}`))
  const messages = draft.messages.filter(
    ({ role, content, placeholder }) => placeholder !== undefined || role !== 'system' || content !== '',
  )
  return {
    ...draft,
    variables: [...draft.variables, ...added],
    messages: messages.length === 0 ? draft.messages : messages,
  }
}

/**
 * The rule at saving, as far as it can be known without the server: it does not know the other prompts.
 * This module brings the template language and the schemas along: load it lazily.
 */
export function checkDraft(draft: Draft): Checked {
  const { content, variables } = fieldsOfDraft(draft)
  const { analysis, problems, warnings, fixes } = checkWithFixes({ content, variables })
  const fixOf = (found: (typeof problems | typeof warnings)[number]) => {
    const fix = fixes.get(found)
    return fix === undefined ? {} : { fix }
  }
  const declared = new Set(variables.map(({ name }) => name))
  return {
    draft,
    analysis,
    undeclared: proposeVariables(analysis).filter(({ name }) => !declared.has(name)),
    problems: [
      // A variable that is only used is declared by saving.
      ...problems
        .filter(({ code }) => code !== UNDECLARED)
        .map((problem): Problem => ({ ...asError(problem), ...fixOf(problem) })),
      ...declarationProblems(variables).map(asError),
      ...configProblems(draft.config),
      ...skillProblems(draft),
      ...warnings.map((warning): Problem => {
        const { path = [], ...rest } = warning
        return { ...rest, ...fixOf(warning), path, severity: 'warning' }
      }),
    ],
  }
}

function asError(detail: ErrorDetail): Problem {
  return { ...detail, severity: 'error' }
}

function declarationProblems(variables: readonly Variable[]): ErrorDetail[] {
  const unnamed = variables.flatMap(({ name }, index) =>
    name === ''
      ? [{ path: ['variables', index, 'name'], code: 'missing_name', message: 'A variable has no name' }]
      : [],
  )
  try {
    declareVariables([...variables])
    return unnamed
  } catch (error) {
    return error instanceof Error && 'details' in error
      ? [...unnamed, ...(error as AppError).details]
      : unnamed
  }
}

function skillProblems({ publish, description }: Draft): Problem[] {
  const message = publish.skill ? skillDescriptionFault(description) : undefined
  if (message === undefined) return []
  return [{ path: ['description'], code: 'skill_description', message, severity: 'error' }]
}

function configProblems(config: string): Problem[] {
  if (readConfig(config) !== undefined) return []
  const message = 'The configuration is no JSON object, such as {"temperature": 0.2}'
  return [{ path: ['config'], code: 'invalid_json', message, severity: 'error' }]
}
