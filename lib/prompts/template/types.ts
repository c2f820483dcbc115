import type { ErrorDetail } from '../../errors.ts'
import type { Analysis, IncludeTree, Warning } from '../../liquid/types.ts'
import type { Variable } from '../../liquid/variable.ts'
import type { Message, PromptContent } from '../content/content.ts'

/** What is needed to compile a prompt. */
export interface PromptSource {
  content: PromptContent
  variables: readonly Variable[]
  includes: IncludeTree
}

/** What is checked at saving; `includes` may be left out while they are not known, as in a browser's editor. */
export interface CheckedSource {
  content: PromptContent
  variables: readonly Variable[]
  includes?: IncludeTree
}

/** How a prompt is checked. */
export interface CheckOptions {
  /** false: nobody reads warnings, and most of them are not looked for. Default: true. */
  warns?: boolean
}

export interface RenderedPrompt {
  /** The text; for a chat its messages as readable text. */
  content: string
  messages: Message[]
  warnings: Warning[]
}

/** What the rule at saving says about a prompt. */
export interface PromptCheck {
  analysis: Analysis
  /** What forbids saving: syntax errors, undeclared variables, unusable includes. */
  problems: ErrorDetail[]
  warnings: Warning[]
}
