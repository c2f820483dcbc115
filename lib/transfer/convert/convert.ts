import { canonicalText } from '#lib/liquid/text.ts'
import type { VariableInput } from '../../prompts/variables/variables.ts'
import type { SourceNote } from '../source.ts'
import { readDoubleBraces, readSemanticKernel } from './languages/double-braces.ts'
import { readDotprompt } from './languages/handlebars/dotprompt.ts'
import { readHandlebars } from './languages/handlebars/read.ts'
import { readJinja, readNunjucks } from './languages/jinja/read.ts'
import { readMustache } from './languages/mustache.ts'
import { readPythonFormat } from './languages/python-format.ts'
import { Partials } from './partials.ts'
import { type ConvertOptions, Reading } from './reading.ts'
import type { Tree } from './tree.ts'
import { analysisOf, written } from './written.ts'

/** Template languages that texts are converted from. */
export type SourceLanguage =
  | 'f-string'
  | 'python-format'
  | 'mustache'
  | 'handlebars'
  | 'dotprompt'
  | 'jinja2'
  | 'nunjucks'
  | 'semantic-kernel'
  | 'double-braces'
  | 'liquid'
  | 'none'

/** A text in Liquid, or literal where its source has no templates or says what Liquid cannot. */
export interface ConvertedText {
  text: string
  format: 'liquid' | 'text'
  /** What the source tells of the variables, in the order in which they stand. */
  variables: VariableInput[]
  /** What changed its meaning or was left out; lines of `text` as it was given. */
  notes: SourceNote[]
}

/** A text that says what cannot be said here; the notes name each place. */
export interface RefusedText {
  refused: SourceNote[]
}

/** Parts of a text that is a chat in one piece (`{{role "user"}}`), in their order. */
export interface ConvertedMessages {
  messages: ({ role: 'system' | 'user' | 'assistant'; text: string } | { placeholder: string })[]
  format: 'liquid' | 'text'
  variables: VariableInput[]
  notes: SourceNote[]
}

/** Languages with a parser of their own. */
const READERS: Readonly<Record<Exclude<SourceLanguage, 'liquid' | 'none'>, (reading: Reading) => Tree>> = {
  'f-string': readPythonFormat,
  'python-format': readPythonFormat,
  handlebars: readHandlebars,
  dotprompt: readDotprompt,
  mustache: readMustache,
  jinja2: readJinja,
  nunjucks: readNunjucks,
  'semantic-kernel': readSemanticKernel,
  'double-braces': readDoubleBraces,
}

/**
 * Turns a text of another template language into Liquid. Pure, and linear in the length of the text.
 * @param partials texts in the same language that this one may include, by the names it includes them by
 */
export function convert(
  text: string,
  language: SourceLanguage,
  partials: ReadonlyMap<string, string> = new Map(),
  options: ConvertOptions = {},
): ConvertedText | ConvertedMessages | RefusedText {
  const canonical = canonicalText(text)
  if (language === 'none') return { text: canonical, format: 'text', variables: [], notes: [] }
  if (language === 'liquid') return checkedLiquid(canonical)
  const reader = READERS[language]
  const reading = new Reading(canonical, partials, options)
  reading.family = new Partials(reading, reader)
  const tree = reader(reading)
  if (reading.isRefused) return { refused: reading.refusals }
  const beside =
    options.beside?.map((each) => reader(reading.within(canonicalText(each), reading.family))) ?? []
  return written(reading, tree, beside)
}

/** A text that is Liquid already stays as it is, or says what the language here does not have. */
function checkedLiquid(text: string): ConvertedText | RefusedText {
  const { problems } = analysisOf(text)
  if (problems.length === 0) return { text, format: 'liquid', variables: [], notes: [] }
  return {
    refused: problems.map(({ message, hint, range }) => ({
      ...(range ? { line: range.line } : {}),
      message: hint ? `${message}. ${hint}` : message,
    })),
  }
}
