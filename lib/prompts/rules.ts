import { LATEST } from '../liquid/name-rules.ts'
import { SLUG } from '../slug.ts'

/** The bounds of prompts, for their schemas and for forms, which have no schema library. */

export const TITLE_LENGTH = 200
export const DESCRIPTION_LENGTH = 4000
export const MESSAGE_LENGTH = 2000
export const EXAMPLE_NAME_LENGTH = 100

/** Why a text cannot be a label; undefined: it can. */
export function labelFault(text: string): string | undefined {
  if (!SLUG.test(text))
    return 'A label is made of lower-case letters, digits, "_" and "-", starting with a letter or digit, at most 64 characters'
  if (/^\d+$/.test(text)) return 'A label cannot be a number: that would read like a version'
  return text === LATEST ? '"latest" always means the newest version and cannot be set' : undefined
}

/** Whether a text names a version by a label: one of the prompt's, or `latest`. */
export function isLabelSelector(text: string): boolean {
  return text === LATEST || labelFault(text) === undefined
}

/**
 * The name of a prompt as a skill: small letters, digits and single hyphens between them, as the Agent Skills
 * specification wants it. Prompts of different names can share one. The index `prompt_template_skill_name` says the
 * same in SQL.
 */
export function skillName(promptName: string): string {
  return promptName.replaceAll(/[-_]+/g, '-').replace(/-$/, '')
}

/** Most characters of a skill's description. */
const SKILL_DESCRIPTION_LENGTH = 1024
/** Files of a skill, and their bytes together, that every host takes. */
export const SKILL_FILES = 512
export const SKILL_BYTES = 16 * 1024 * 1024

/** Why a description cannot be that of a skill; undefined: it can. */
export function skillDescriptionFault(description: string): string | undefined {
  const { length } = Array.from(description)
  if (description.trim() !== '' && length <= SKILL_DESCRIPTION_LENGTH) return undefined
  const found = length === 0 ? 'there is none' : `it has ${length}`
  return `A skill's description says in 1 to ${SKILL_DESCRIPTION_LENGTH} characters what it does and when to use it; ${found}`
}
