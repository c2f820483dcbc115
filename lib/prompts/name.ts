import { z } from 'zod'

const SLUG = /^[a-z0-9][a-z0-9_-]{0,63}$/
const VARIABLE = /^[a-zA-Z][a-zA-Z0-9_]{0,63}$/

/** `/prompts/new` is a page, so no prompt may carry that name. */
const RESERVED_PROMPT_NAMES: ReadonlySet<string> = new Set(['new'])

/** Always the newest version; it is computed and can therefore not be moved. */
export const LATEST = 'latest'

/** The label that agents get when they name neither a label nor a version. */
export const PRODUCTION = 'production'

/** Object internals, the loop variable, and words of the template language that could never be read. */
const RESERVED_VARIABLE_NAMES: ReadonlySet<string> = new Set([
  'constructor',
  'prototype',
  'forloop',
  'true',
  'false',
  'nil',
  'null',
  'empty',
  'blank',
  'and',
  'or',
  'not',
  'contains',
])

/** Whether a text is a prompt name (names and aliases share this rule). */
export function isPromptName(text: string): boolean {
  return SLUG.test(text) && !RESERVED_PROMPT_NAMES.has(text)
}

/** Whether a text may name a variable. */
export function isVariableName(text: string): boolean {
  return VARIABLE.test(text) && !RESERVED_VARIABLE_NAMES.has(text)
}

export const PROMPT_NAME_RULE =
  'lower-case letters, digits, "_" and "-", starting with a letter or digit, at most 64 characters, not "new"'
export const VARIABLE_NAME_RULE =
  'a letter, then letters, digits or "_", at most 64 characters, and no word of the template language'

/** The name of a prompt, unique in its workspace together with all aliases. */
export const PromptName = z
  .string()
  .regex(SLUG, `A prompt name is made of ${PROMPT_NAME_RULE}`)
  .refine((name) => !RESERVED_PROMPT_NAMES.has(name), 'This name is reserved')
  .describe('Name of the prompt: lower-case letters, digits, "_" and "-", at most 64 characters')
export type PromptName = z.infer<typeof PromptName>

/** A label that can be set; `latest` is computed and therefore refused. */
export const LabelName = z
  .string()
  .regex(
    SLUG,
    'A label is made of lower-case letters, digits, "_" and "-", starting with a letter or digit, at most 64 characters',
  )
  .refine((name) => !/^\d+$/.test(name), 'A label cannot be a number: that would read like a version')
  .refine((name) => name !== LATEST, '"latest" always means the newest version and cannot be set')
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
  .refine((name) => !RESERVED_VARIABLE_NAMES.has(name), 'This variable name is reserved')
  .describe('Name of the variable: a letter, then letters, digits or "_", at most 64 characters')
export type VariableName = z.infer<typeof VariableName>
