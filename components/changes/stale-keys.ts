import type { ChangeEvent } from '#lib/changes/schema.ts'

/** Actions that make a prompt appear in a list, or disappear from it. */
const COUNTED = /^prompt\.(create|update|archive|restore)$/

/**
 * The first parts of the query keys whose answers a change made old: `['prompts', …]` lists,
 * `['prompt', name, …]` everything read of one prompt, `['categories']`, `['tags']`, `['configurations']`.
 */
export function staleKeys({ changes, total }: ChangeEvent): string[][] {
  const keys = new Map<string, string[]>()
  const add = (...key: string[]) => keys.set(key.join(' '), key)
  for (const { kind, name, action } of changes) {
    if (kind === 'configuration') {
      add('configurations')
      continue
    }
    add('prompts')
    if (kind === 'prompt') add('prompt', name)
    if (kind === 'category' || COUNTED.test(action)) {
      add('categories')
      add('tags')
    }
  }
  // Not all of it was told.
  if (total > changes.length)
    for (const key of ['prompts', 'prompt', 'categories', 'tags', 'configurations']) add(key)
  return [...keys.values()]
}
