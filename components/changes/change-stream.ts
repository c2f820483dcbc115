import { followStream } from '#components/streams/follow-stream.ts'
import type { ChangeEvent } from '#lib/changes/schema.ts'

/** An event of the feed of changes, as an open page hears it. */
export type Heard =
  /** The stream is open; it tells commits from now on. */
  | { type: 'open'; revision: number }
  | { type: 'change'; change: ChangeEvent }
  /** Changes were left out: the page may be stale. */
  | { type: 'reset'; revision: number }
  /** Something of a topic is new that no revision counts, such as `generations`. */
  | { type: 'news'; topic: string }
  /** The stream is open again: news may have been missed. */
  | { type: 'again' }

export interface FollowOptions {
  hear: (heard: Heard) => void
  /** The stream broke, or did not open; it is tried again by itself. */
  onLost: () => void
}

/**
 * Follows changes on the server, over one stream for this tab, which goes on after every loss from where it
 * was.
 * @returns ends it
 */
export function followChanges({ hear, onLost }: FollowOptions): () => void {
  let revision: number | undefined
  const onEvent = (event: MessageEvent<string>) => {
    // The contract's schema describes it; the protocol tests hold the server to that.
    const data: unknown = JSON.parse(event.data)
    switch (event.type) {
      case 'hello': {
        if (revision !== undefined) return hear({ type: 'again' })
        revision = (data as { revision: number }).revision
        return hear({ type: 'open', revision })
      }
      case 'change': {
        const change = data as ChangeEvent
        if (revision !== undefined && change.revision <= revision) return
        revision = change.revision
        return hear({ type: 'change', change })
      }
      case 'reset':
        revision = (data as { revision: number }).revision
        return hear({ type: 'reset', revision })
      default:
        return hear({ type: 'news', topic: (data as { topic: string }).topic })
    }
  }
  return followStream({
    address: () => (revision === undefined ? '/api/changes' : `/api/changes?after=${revision}`),
    events: ['hello', 'change', 'reset', 'news'],
    hear: onEvent,
    retry: { firstMs: 1_000, lastMs: 30_000 },
    onLost,
  }).end
}

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
