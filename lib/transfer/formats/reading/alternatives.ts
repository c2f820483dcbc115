import type { ReadItem } from '../../source.ts'
import { type ItemDraft, promptItem } from './prompt-item.ts'

/** The first of several ways to read an item that can be said here; the reasons of the first, when none can. */
export function firstThatFits(drafts: readonly [ItemDraft, ...ItemDraft[]]): ReadItem {
  const [first, ...others] = drafts
  const best = promptItem(first)
  if (best.kind === 'prompt') return best
  for (const draft of others) {
    const item = promptItem(draft)
    if (item.kind === 'prompt') return item
  }
  return best
}
