import { overLimit } from '../../errors.ts'
import { getRuntime } from '../../runtime.ts'

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
