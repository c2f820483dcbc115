import { z } from 'zod'
import {
  isPromptName,
  isVariableName,
  LATEST,
  PROMPT_NAME_RULE,
  VARIABLE,
  VARIABLE_NAME_RULE,
} from '../liquid/name-rules.ts'
import { notWritten } from '../numbers/schema.ts'
import { SLUG } from '../slug.ts'
import { labelFault } from './rules.ts'

// These need no schema; modules that read names from here find them too.
export { isPromptName, LATEST, PRODUCTION } from '../liquid/name-rules.ts'

/** The name of a prompt, unique in its workspace together with all aliases. */
export const PromptName = z
  .string()
  .regex(SLUG, `A prompt name is made of ${PROMPT_NAME_RULE}`)
  .refine((name) => !SLUG.test(name) || isPromptName(name), 'This name is reserved')
  .describe('Name of the prompt: lower-case letters, digits, "_" and "-", at most 64 characters')
export type PromptName = z.infer<typeof PromptName>

/** A label that can be set; `latest` is computed and therefore refused. */
export const LabelName = z
  .string()
  .regex(SLUG, { error: ({ input }) => labelFault(String(input)) })
  .refine((name) => !SLUG.test(name) || labelFault(name) === undefined, {
    error: ({ input }) => labelFault(String(input)),
  })
  .describe('A movable name for a version, for example "production" or "staging"')
export type LabelName = z.infer<typeof LabelName>

/** A label to read by: any label, or `latest`. */
export const LabelSelector = z
  .union([LabelName, z.literal(LATEST)])
  .describe('A label of the prompt, or "latest" for its newest version')
export type LabelSelector = z.infer<typeof LabelSelector>

/** The name of a variable as templates and callers write it. */
export const VariableName = z
  .string()
  .regex(VARIABLE, `A variable name is ${VARIABLE_NAME_RULE}`)
  .refine((name) => !VARIABLE.test(name) || isVariableName(name), 'This variable name is reserved')
  .describe('Name of the variable: a letter, then letters, digits or "_", at most 64 characters')
export type VariableName = z.infer<typeof VariableName>

const WholeNumber = z.int().min(1).max(2_147_483_647)
/** Digits count too: paths, queries and many agents send text. Nothing else does: `true` is no version. */
export const VersionNumber = z
  .union([
    WholeNumber,
    z
      .string()
      .regex(/^[1-9]\d{0,9}$/, {
        error: ({ input }) => notWritten(String(input), 'a whole number from 1 to 2147483647, in digits'),
      })
      .transform(Number)
      .pipe(WholeNumber),
  ])
  .describe('Number of a version')

/** Tools that the server brings along; a prompt that is published as a tool takes none of these names. */
export const BUILT_IN_TOOLS: ReadonlySet<string> = new Set([
  'render_prompt',
  'create_prompt_template',
  'search_prompts',
  'get_prompt',
  'update_prompt_template',
  'list_categories',
  'generate',
  'get_generation',
  'report_outcome',
])
