import { overLimit } from '../../errors.ts'
import { getRuntime } from '../../runtime.ts'
import type { PatchPromptInput } from '../schema.ts'
import type { LockedPrompt } from '../store/lock-prompt.ts'

/** What a patch does to a prompt; fields that stay as they are, are absent. */
export interface PatchPlan {
  name?: string
  /** Slug. */
  category?: string | null
  tags?: string[]
  archived?: boolean
  /** Names that become aliases, the old name of a renamed prompt included. */
  addAliases: string[]
  removeAliases: string[]
}

/** Compares what is wanted with what is there. Pure. */
export function planPatch(
  prompt: Pick<LockedPrompt, 'name' | 'category' | 'tags' | 'archived'>,
  aliases: readonly string[],
  input: PatchPromptInput,
): PatchPlan {
  const name = input.name !== undefined && input.name !== prompt.name ? input.name : undefined
  const wanted = new Set(input.aliases ?? aliases)
  if (name !== undefined) wanted.add(prompt.name)
  wanted.delete(name ?? prompt.name)
  const tags = input.tags === undefined ? undefined : uniqueSorted(input.tags)
  return {
    ...(name === undefined ? {} : { name }),
    ...(input.category === undefined || input.category === prompt.category
      ? {}
      : { category: input.category }),
    ...(tags === undefined || sameSet(tags, prompt.tags) ? {} : { tags }),
    ...(input.archived === undefined || input.archived === prompt.archived
      ? {}
      : { archived: input.archived }),
    addAliases: [...wanted].filter((alias) => !aliases.includes(alias)).toSorted(),
    removeAliases: aliases.filter((alias) => !wanted.has(alias)),
  }
}

/** Whether the patch changes anything. */
export function isEmptyPlan({ addAliases, removeAliases, ...rest }: PatchPlan): boolean {
  return addAliases.length === 0 && removeAliases.length === 0 && Object.keys(rest).length === 0
}

/** Whether somebody who uses the prompt may not find it any more, or finds it again. */
export function withdraws({ archived, name, removeAliases }: PatchPlan): boolean {
  return archived !== undefined || name !== undefined || removeAliases.length > 0
}

function sameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((each) => other.includes(each))
}

/** Tags and aliases are sets: kept once each, in order. */
export function uniqueSorted(texts: readonly string[]): string[] {
  return [...new Set(texts)].toSorted()
}

/** @throws too_large past the configured number of tags or aliases */
export function assertTagsAndAliases(given: {
  tags?: readonly string[] | undefined
  aliases?: readonly string[] | undefined
}): void {
  const { limits } = getRuntime().config
  for (const field of ['tags', 'aliases'] as const)
    if (new Set(given[field] ?? []).size > limits[field])
      throw overLimit(`limits.${field}`, `A prompt has at most ${limits[field]} ${field}`, [field])
}
