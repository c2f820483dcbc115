import { z } from 'zod'
import { appError, type ErrorDetail, overLimit } from '../../errors.ts'
import type { Json } from '../../liquid/json.ts'
import { readBudget, type ValueLimits } from '../../liquid/value-size.ts'
import { VARIABLE_TYPES, type Variable, type VariableType } from '../../liquid/variable.ts'
import { storedText } from '../content/content.ts'
import { VariableName } from '../name.ts'
import { MESSAGE_SCHEMA } from './messages.ts'
import { MAX_PATTERN_LENGTH, patternProblem, patternSize, WIDEST_PATTERN_SIZE } from './pattern.ts'
import { readValue } from './variable-values.ts'

const JsonValue: z.ZodType<Json> = z.json()

/** A variable as a caller declares it; what is left out gets the default that is described. */
export const VariableInput = z
  .strictObject({
    name: VariableName,
    type: z.enum(VARIABLE_TYPES).optional().describe('Type of the value; "string" when left out'),
    description: storedText(1_000).optional().describe('What the value is for; agents and people read it'),
    required: z
      .boolean()
      .optional()
      .describe('Whether a value must be given; when left out: yes, unless there is a default'),
    default: JsonValue.optional().describe('Value when none is given'),
    enum: z.array(storedText(256)).min(1).optional().describe('The allowed values'),
    pattern: storedText(MAX_PATTERN_LENGTH)
      .optional()
      .describe('Pattern in RE2 syntax that must occur in the value'),
    min: z.number().optional().describe('Smallest number, shortest text or shortest list'),
    max: z.number().optional().describe('Largest number, longest text or longest list'),
    example: JsonValue.optional().describe('A value that shows what is meant'),
  })
  .describe('A variable of a prompt')
export type VariableInput = z.infer<typeof VariableInput>

/** The declared variables: full declarations, or bare names for required strings. */
export const VariablesInput = z
  .array(z.union([VariableName, VariableInput]))
  .describe(
    'Variables of the prompt; a bare name is a required string; left out, they are read from the text',
  )
export type VariablesInput = z.infer<typeof VariablesInput>

/** A variable as it is stored and answered. */
export const VariableOutput = z
  .object({
    ...VariableInput.shape,
    type: z.enum(VARIABLE_TYPES).describe('Type of the value'),
    required: z.boolean().describe('Whether a value must be given'),
  })
  .describe('A variable of a prompt')

/**
 * Turns declarations into variables in their canonical form (absent keys left out).
 * @param limits of the values; they hold for defaults and examples too
 * @throws AppError unprocessable naming every declaration that contradicts itself, too_large
 */
export function declareVariables(input: VariablesInput, limits?: ValueLimits): Variable[] {
  const variables = input.map((entry) => toVariable(typeof entry === 'string' ? { name: entry } : entry))
  const details = declarationsProblems(variables, limits)
  if (details.length > 0) throw appError('unprocessable', 'The variables are not valid', { details })
  return variables.map((variable) => withReadDefault(variable, limits))
}

function declarationsProblems(variables: readonly Variable[], limits: ValueLimits | undefined) {
  const seen = new Set<string>()
  return variables.flatMap((variable, index) => {
    const found = declarationProblems(variable, index, { isRepeated: seen.has(variable.name), limits })
    seen.add(variable.name)
    return found
  })
}

function toVariable(input: VariableInput): Variable {
  const { default: given, example, ...rest } = input
  const hasDefault = given !== undefined && given !== null
  return {
    ...withoutUndefined(rest),
    name: input.name,
    type: input.type ?? (input.enum ? 'enum' : 'string'),
    required: input.required ?? !hasDefault,
    ...(hasDefault ? { default: given } : {}),
    ...(example === undefined || example === null ? {} : { example }),
  }
}

function withoutUndefined<T extends object>(object: T): Partial<T> {
  const copy = { ...object }
  for (const key of Object.keys(copy) as (keyof T)[]) if (copy[key] === undefined) delete copy[key]
  return copy
}

/** Keeps a default in its type, so that `"3"` declared for a number is stored as 3. */
function withReadDefault(variable: Variable, limits: ValueLimits | undefined): Variable {
  if (variable.default === undefined) return variable
  const read = readValue(variable, variable.default, readBudget(limits))
  return 'value' in read ? { ...variable, default: read.value } : variable
}

const NUMERIC: ReadonlySet<VariableType> = new Set(['number', 'integer'])
const BOUNDED: ReadonlySet<VariableType> = new Set(['number', 'integer', 'string', 'array', 'messages'])

function declarationProblems(
  variable: Variable,
  index: number,
  { isRepeated, limits }: { isRepeated: boolean; limits: ValueLimits | undefined },
): ErrorDetail[] {
  const found: ErrorDetail[] = []
  const report = (key: string, code: string, message: string) =>
    found.push({ path: ['variables', index, key], code, message: `${variable.name}: ${message}` })

  if (isRepeated) report('name', 'duplicate_variable', 'is declared twice')
  if (variable.type === 'enum' && !variable.enum)
    report('enum', 'missing_choices', 'an enum needs its values')
  if (variable.enum && variable.type !== 'enum' && variable.type !== 'string') {
    report('enum', 'not_applicable', `values can be listed for an enum or a string, not for ${variable.type}`)
  }
  if (variable.enum && new Set(variable.enum).size !== variable.enum.length) {
    report('enum', 'duplicate_choice', 'a value is listed twice')
  }
  if (variable.pattern !== undefined) {
    const problem = variable.type === 'string' ? patternProblem(variable.pattern) : 'A pattern is for strings'
    if (problem) report('pattern', 'invalid_pattern', problem)
    else assertPatternSize(variable.name, variable.pattern, index, limits)
  }
  boundProblems(variable, report)
  if (found.length === 0) defaultProblems(variable, report, limits)
  return found
}

/** @param limits left out where the server has the last word */
function assertPatternSize(
  name: string,
  pattern: string,
  index: number,
  limits: ValueLimits | undefined,
): void {
  const most = limits?.patternSize ?? WIDEST_PATTERN_SIZE
  const size = patternSize(pattern)
  if (size <= most) return
  const said = `${name} has a pattern of ${size} instructions, at most ${most} are allowed`
  throw overLimit('limits.pattern_size', said, ['variables', index, 'pattern'])
}

type Report = (key: string, code: string, message: string) => void

function boundProblems(variable: Variable, report: Report): void {
  const { min, max, type } = variable
  for (const [key, bound] of [
    ['min', min],
    ['max', max],
  ] as const) {
    if (bound === undefined) continue
    if (!BOUNDED.has(type)) report(key, 'not_applicable', `${key} is for numbers, strings and arrays`)
    else if (!NUMERIC.has(type) && (!Number.isSafeInteger(bound) || bound < 0)) {
      report(key, 'invalid_bound', `${key} is a length here, so it must be a whole number from 0`)
    }
  }
  if (min !== undefined && max !== undefined && min > max)
    report('max', 'invalid_bound', 'max is less than min')
}

function defaultProblems(variable: Variable, report: Report, limits: ValueLimits | undefined): void {
  for (const key of ['default', 'example'] as const) {
    const value = variable[key]
    if (value === undefined) continue
    const read = readValue(variable, value, readBudget(limits))
    if ('problem' in read) report(key, `invalid_${key}`, `the ${key} ${read.problem.message}`)
  }
}

/**
 * JSON Schema of the values: what a prompt published as a tool shows as its input schema.
 * A pattern is shown as one only when every reader understands it; it is checked in any case.
 */
export function toJsonSchema(variables: readonly Variable[]): {
  type: 'object'
  properties: { [name: string]: { [key: string]: Json } }
  required: string[]
  additionalProperties: false
} {
  return {
    type: 'object',
    properties: Object.fromEntries(variables.map((variable) => [variable.name, variableSchema(variable)])),
    required: variables.filter((variable) => variable.required).map((variable) => variable.name),
    additionalProperties: false,
  }
}

const BOUND_KEYS: Partial<Record<VariableType, readonly [string, string]>> = {
  number: ['minimum', 'maximum'],
  integer: ['minimum', 'maximum'],
  string: ['minLength', 'maxLength'],
  array: ['minItems', 'maxItems'],
  messages: ['minItems', 'maxItems'],
}

function variableSchema(variable: Variable): { [key: string]: Json } {
  const bounds = BOUND_KEYS[variable.type]
  return {
    ...typeOf(variable.type),
    ...schemaDescription(variable),
    ...(variable.enum === undefined ? {} : { enum: variable.enum }),
    ...(variable.default === undefined ? {} : { default: variable.default }),
    ...(variable.example === undefined ? {} : { examples: [variable.example] }),
    ...(bounds && variable.min !== undefined ? { [bounds[0]]: variable.min } : {}),
    ...(bounds && variable.max !== undefined ? { [bounds[1]]: variable.max } : {}),
    ...(variable.pattern !== undefined && isPortablePattern(variable.pattern)
      ? { pattern: variable.pattern }
      : {}),
  }
}

/** Some readers refuse a list that does not say of what, and take an object for one without members. */
function typeOf(type: VariableType): { [key: string]: Json } {
  switch (type) {
    case 'messages':
      return { type: 'array', items: MESSAGE_SCHEMA }
    case 'array':
      return { type, items: {} }
    case 'object':
      return { type, additionalProperties: true }
    default:
      return { type: type === 'enum' ? 'string' : type }
  }
}

/** A pattern that not every reader takes is told in words. */
function schemaDescription({ description, pattern }: Variable): { description?: string } {
  const told = pattern === undefined || isPortablePattern(pattern) ? '' : `Matches ${pattern} (RE2)`
  const parts = [description ?? '', told].filter((part) => part !== '')
  return parts.length === 0 ? {} : { description: parts.join('. ') }
}

/** Means something else, or nothing, to readers that are no ECMAScript with the flag `u`. */
const NOT_PORTABLE = /\\[pPuxAzCQE]|\(\?(?!:)|\[\[:/

function isPortablePattern(pattern: string): boolean {
  if (NOT_PORTABLE.test(pattern)) return false
  try {
    return new RegExp(pattern).flags + new RegExp(pattern, 'u').flags === 'u'
  } catch {
    return false
  }
}

/** Reads stored variables (jsonb) back into their type; unknown keys of a later release are dropped. */
export function readVariables(stored: Json): Variable[] {
  return z
    .array(VariableOutput)
    .parse(stored)
    .map((entry) => ({ ...toVariable(entry), required: entry.required }))
}
