import type { VersionFields } from '#components/changes/version-fields.ts'
import { type DiffOptions, diffTexts, type TextDiff } from '#lib/prompts/comparison/diff.ts'
import { diffVersions } from '#lib/prompts/comparison/version-diff.ts'
import type { PromptVersion } from '#lib/prompts/schema.ts'

/** A part of a version that differs, under the name that people know it by. */
export interface ShownField extends TextDiff {
  field: string
  title: string
}

/** What each part of a version is called on a page. */
export const FIELD_TITLES: Record<keyof VersionFields, string> = {
  title: 'Title',
  description: 'Description',
  content: 'Text',
  variables: 'Variables',
  config: 'Configuration',
  publish: 'How agents reach it',
}

/**
 * How two versions differ, part by part, with all unchanged lines. Parts that are the same are left out, and
 * with `ignoreSpace` those that differ in white space alone.
 */
export function compareFields(
  older: VersionFields,
  newer: VersionFields,
  { ignoreSpace = false }: Pick<DiffOptions, 'ignoreSpace'> = {},
): ShownField[] {
  return diffVersions(older, newer, { context: Infinity, ignoreSpace })
    .filter(({ hunks }) => hunks.length > 0)
    .map((diff) => ({
      ...diff,
      title:
        diff.field === 'content' && newer.content.kind === 'chat' ? 'Messages' : FIELD_TITLES[diff.field],
    }))
}

type Pinned = Pick<PromptVersion['includes'][number], 'ref' | 'name' | 'version'>

/** The versions of other prompts that two versions take in; undefined when they are the same. */
export function compareIncludes(older: readonly Pinned[], newer: readonly Pinned[]): ShownField | undefined {
  const text = (includes: readonly Pinned[]) =>
    includes.map(({ ref, name, version }) => `${ref} is ${name} v${version}`).join('\n')
  const diff = diffTexts(text(older), text(newer), { context: Infinity })
  return diff.hunks.length === 0 ? undefined : { field: 'includes', title: 'Includes', ...diff }
}
