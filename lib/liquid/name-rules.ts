/*
 * The rules for names as plain functions: templates, the render worker and the browser's preview need
 * them without the schema library.
 */

import { SLUG } from '#lib/slug.ts'

/** Names of variables. */
export const VARIABLE = /^[a-zA-Z][a-zA-Z0-9_]{0,63}$/

/** Always the newest version; it is computed and can therefore not be moved. */
export const LATEST = 'latest'
/** The label that agents get when they name neither a label nor a version. */
export const PRODUCTION = 'production'

/** `/prompts/new` is a page, so no prompt may carry that name. */
const RESERVED_PROMPT_NAMES: ReadonlySet<string> = new Set(['new'])

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

/** What a tag is made of, in words for people. */
export const TAG_RULE =
  "letters of any language, digits, spaces and # + & . _ : @ ' -, with at least one letter or digit and at most 50 characters"
const TAG = /^(?=.*[\p{L}\p{N}])[\p{L}\p{M}\p{N} #+&._:@'-]{1,50}$/u

/** The one spelling of a tag: composed letters (NFC), lower case, no needless spaces. */
export function foldTag(text: string): string {
  return text.normalize('NFC').toLowerCase().normalize('NFC').trim().replaceAll(/\s+/gu, ' ')
}

/** Whether a folded text can be a tag. */
export function isTag(text: string): boolean {
  return TAG.test(text)
}
