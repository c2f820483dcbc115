import type { VersionFields } from '#components/changes/version-fields.ts'
import { type Cut, ON_A_PAGE } from '#lib/prompts/comparison/cut.ts'
import { type DiffOptions, diffTexts, type TextDiff } from '#lib/prompts/comparison/diff.ts'
import { compareVersions, type FieldDiff } from '#lib/prompts/comparison/version-diff.ts'
import type { PromptVersion } from '#lib/prompts/schema.ts'

/** A part of a version that differs, under the name that people know it by. */
export interface ShownField extends TextDiff {
  field: string
  title: string
}

/** The title of each part of a version on a page. */
export const FIELD_TITLES: Record<keyof VersionFields | 'format', string> = {
  title: 'Title',
  description: 'Description',
  format: 'Format',
  content: 'Text',
  variables: 'Variables',
  config: 'Configuration',
  publish: 'How agents reach it',
}

/** How two versions differ, part by part, as far as a page shows it. */
export interface ShownComparison {
  fields: ShownField[]
  /** Lines that are not shown. */
  leftOut: number
}

/**
 * Compares two versions with all unchanged lines, as far as they fit. Parts that are the same are left out,
 * and with `ignoreSpace` those that differ in white space alone.
 */
export function compareFields(
  older: VersionFields,
  newer: VersionFields,
  { ignoreSpace = false }: Pick<DiffOptions, 'ignoreSpace'> = {},
): ShownComparison {
  const options = { ...ON_A_PAGE, context: Infinity, ignoreSpace }
  return shownComparison(compareVersions(older, newer, options), newer.content.kind)
}

/** A comparison under the names that people know its parts by. */
export function shownComparison(
  { fields, left_out: leftOut }: Cut<FieldDiff>,
  kind: PromptVersion['kind'],
): ShownComparison {
  const titleOf = ({ field }: FieldDiff) =>
    field === 'content' && kind === 'chat' ? 'Messages' : FIELD_TITLES[field]
  const changed = fields.filter((diff) => diff.added + diff.removed > 0)
  return { fields: changed.map((diff) => ({ ...diff, title: titleOf(diff) })), leftOut }
}

type Pinned = Pick<PromptVersion['includes'][number], 'ref' | 'name' | 'version'>

/** The versions of other prompts that two versions take in; undefined when they are the same. */
export function compareIncludes(older: readonly Pinned[], newer: readonly Pinned[]): ShownField | undefined {
  const text = (includes: readonly Pinned[]) =>
    includes.map(({ ref, name, version }) => `${ref} is ${name} v${version}`).join('\n')
  const diff = diffTexts(text(older), text(newer), { context: Infinity })
  return diff.hunks.length === 0 ? undefined : { field: 'includes', title: 'Includes', ...diff }
}
