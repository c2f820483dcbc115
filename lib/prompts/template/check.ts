import type { ErrorDetail } from '../../errors.ts'
import { Analyser } from '../../liquid/analyse.ts'
import { type Advice, adviceOn } from '../../liquid/dialects/advice.ts'
import { Linker } from '../../liquid/link.ts'
import { type Parsed, parse } from '../../liquid/parse.ts'
import type {
  Analysis,
  IncludeTree,
  IncludeUse,
  TemplateField,
  TextLimits,
  UsedVariable,
  Warning,
} from '../../liquid/types.ts'
import type { Variable } from '../../liquid/variable.ts'
import type { PromptContent } from '../content/content.ts'
import { placeholdersOf, templateFields } from '../content/content-fields.ts'
import type { CheckedSource, CheckOptions, PromptCheck } from './types.ts'
import { uriProblem } from './uri.ts'

/** Most places that are reported for one undeclared variable; an author who mends these sees the others. */
const MAX_PLACES = 20

interface ParsedField extends TemplateField {
  parsed: Parsed
}

/** Literal texts hold nothing to be found. */
function parseFields(content: PromptContent, limits: TextLimits): ParsedField[] {
  if (content.format === 'text') return []
  return templateFields(content).map((field) => ({ ...field, parsed: parse(field.text, limits) }))
}

/** Finds out what a content uses; never throws, what is wrong is in `problems`. */
export function analyseContent(content: PromptContent, limits: TextLimits): Analysis {
  return analyseFields(parseFields(content, limits), content)
}

function analyseFields(fields: ParsedField[], content: PromptContent): Analysis {
  const analyser = new Analyser()
  for (const { parsed, path, text } of fields) analyser.add(parsed, path, text)
  for (const placeholder of placeholdersOf(content)) analyser.placeholder(placeholder)
  return analyser.result()
}

/**
 * The rule that a version must keep to be saved.
 * Problems: syntax, undeclared variables, unusable includes, required variables that an include is not
 * passed. Warnings: declared variables that nothing uses, passed arguments that the included prompt
 * does not declare, what is written in another template language.
 * @param source left out includes are not looked at
 * @param options.warns false: nobody reads warnings. Other languages are then looked for only where something is wrong,
 *   which is most of the work
 */
export function check(
  { content, variables, includes }: CheckedSource,
  limits: TextLimits,
  { warns = true }: CheckOptions = {},
): PromptCheck & Pick<Advice, 'fixes'> {
  const fields = parseFields(content, limits)
  const analysis = analyseFields(fields, content)
  const declared = new Set(variables.map((variable) => variable.name))
  const problems = [
    ...analysis.problems,
    ...fixedUriProblems(content, fields),
    ...declarationProblems(content, variables),
  ]
  for (const used of analysis.variables)
    if (!declared.has(used.name)) problems.push(...undeclared(used, declared))
  const warnings = content.format === 'text' ? [] : unused(analysis, variables)
  if (includes) {
    problems.push(...linkProblems(fields, includes, limits))
    for (const use of analysis.includes) checkArguments(use, includes, problems, warnings)
  }
  if (!warns && problems.length === 0) return { analysis, problems, warnings, fixes: new Map() }
  const advice = adviceOn(fields, { kind: content.kind, declared }, problems)
  return {
    analysis,
    problems: advice.problems,
    warnings: [...warnings, ...advice.warnings],
    fixes: advice.fixes,
  }
}

/** A URI in which nothing is inserted is the same in every render, so a wrong one is told at once. */
function fixedUriProblems(content: PromptContent, fields: readonly ParsedField[]): ErrorDetail[] {
  const fixed = content.format === 'text' ? templateFields(content) : fields.filter(isFixed)
  return fixed.flatMap(({ path, text }) => {
    const problem = path.at(-1) === 'uri' ? uriProblem(text, path) : undefined
    return problem === undefined ? [] : [problem]
  })
}

function isFixed({ text, parsed }: ParsedField): boolean {
  const [only] = parsed.nodes
  return parsed.problems.length === 0 && only?.node === 'text' && only.text === text
}

/** A literal text has no variables; placeholders have the type "messages", and nothing else has. */
function declarationProblems(content: PromptContent, variables: readonly Variable[]): ErrorDetail[] {
  const placeholders = new Set(placeholdersOf(content).map(({ name }) => name))
  return variables.flatMap(({ name, type }, index): ErrorDetail[] => {
    if (placeholders.has(name)) {
      const message = `${name} is a placeholder for messages, so its type is "messages"`
      return type === 'messages'
        ? []
        : [{ path: ['variables', index, 'type'], code: 'placeholder_type', message }]
    }
    if (type === 'messages') {
      const message = `${name} has the type "messages", and there is no placeholder "${name}"`
      const hint = `Messages cannot stand in a text: add {"type": "placeholder", "name": "${name}"} to the messages of a chat, or choose another type`
      return [{ path: ['variables', index, 'type'], code: 'missing_placeholder', message, hint }]
    }
    if (content.format !== 'text') return []
    const message = `${name} cannot be declared: a literal text (format "text") has no variables`
    const hint = 'Leave variables out, or use format "liquid"'
    return [{ path: ['variables', index], code: 'literal_variable', message, hint }]
  })
}

function undeclared(used: UsedVariable, declared: ReadonlySet<string>): ErrorDetail[] {
  const near = [...declared].find((name) => name.toLowerCase() === used.name.toLowerCase())
  return used.places.slice(0, MAX_PLACES).map((place) => ({
    ...place,
    code: 'undeclared_variable',
    message: `${used.name} is used but not declared`,
    hint: near ? `Did you mean ${near}?` : 'Declare it in variables',
  }))
}

/** Declared variables that no text uses. While a text cannot be parsed, nobody knows what it uses. */
function unused(analysis: Analysis, variables: readonly Variable[]): Warning[] {
  if (analysis.problems.length > 0) return []
  const used = new Set(analysis.variables.map((variable) => variable.name))
  return variables.flatMap((variable, index) =>
    used.has(variable.name)
      ? []
      : [
          {
            code: 'unused_variable',
            message: `${variable.name} is declared but not used`,
            path: ['variables', index],
          },
        ],
  )
}

function linkProblems(fields: ParsedField[], includes: IncludeTree, limits: TextLimits): ErrorDetail[] {
  const linker = new Linker(limits.includeDepth)
  for (const { parsed, path, text } of fields) linker.link(parsed, path, text, includes)
  return linker.problems
}

function checkArguments(
  use: IncludeUse,
  includes: IncludeTree,
  problems: ErrorDetail[],
  warnings: Warning[],
): void {
  const included = includes.get(use.ref)
  if (!included) return
  const label = `${included.name}@${included.version}`
  const passed = new Set(use.args)
  for (const variable of included.variables) {
    if (!variable.required || passed.has(variable.name)) continue
    const message = `${label} requires ${variable.name}, which is not passed`
    const { path, range } = use
    problems.push({ path, range, code: 'missing_argument', message, hint: `Add ${variable.name}: …` })
  }
  const declared = new Set(included.variables.map((variable) => variable.name))
  for (const name of use.args) {
    if (declared.has(name)) continue
    warnings.push({ code: 'unknown_argument', message: `${label} has no variable ${name}`, path: use.path })
  }
}

/**
 * Declarations for the variables that a content uses, in the order of their first use: required, unless
 * the texts themselves say what happens without (a condition, the filter `default`) or need it in some
 * branches only; of the type that their uses tell.
 */
export function infer(analysis: Analysis): Variable[] {
  return analysis.variables.map(({ name, type, optional }) => ({ name, type, required: !optional }))
}
