import type { ChangeEvent } from '#lib/changes/schema.ts'

/** What an open page hears of the feed of changes. */
export type Heard =
  /** The stream is open; only what is committed from now on is told. */
  | { type: 'open'; revision: number }
  | { type: 'change'; change: ChangeEvent }
  /** Changes were left out: what is shown may be old. */
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

/** A tab that is looked at again soon keeps its stream. */
const HIDDEN_MS = 20_000
const FIRST_RETRY_MS = 1_000
const LAST_RETRY_MS = 30_000

/**
 * Follows what changes on the server, over one stream for this tab: open while the tab is visible, opened
 * again after every loss from where it was. A browser has few connections to one server, so a tab that
 * nobody looks at gives its own back.
 * @returns ends it
 */
export function followChanges({ hear, onLost }: FollowOptions): () => void {
  let source: EventSource | undefined
  let revision: number | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let losses = 0

  const open = () => {
    clearTimeout(timer)
    if (source !== undefined) return
    source = new EventSource(revision === undefined ? '/api/changes' : `/api/changes?after=${revision}`)
    source.addEventListener('hello', (event) => {
      losses = 0
      if (revision !== undefined) return hear({ type: 'again' })
      revision = revisionOf(event)
      hear({ type: 'open', revision })
    })
    source.addEventListener('change', (event) => {
      // The contract's schema describes it; the protocol tests hold the server to that.
      const change: ChangeEvent = JSON.parse(event.data)
      if (revision !== undefined && change.revision <= revision) return
      revision = change.revision
      hear({ type: 'change', change })
    })
    source.addEventListener('reset', (event) => {
      revision = revisionOf(event)
      hear({ type: 'reset', revision })
    })
    source.addEventListener('news', (event) => {
      const { topic }: { topic: string } = JSON.parse(event.data)
      hear({ type: 'news', topic })
    })
    source.addEventListener('error', lost)
  }

  // The browser would try again by itself only after a broken connection, not after an answer such as 503.
  const lost = () => {
    close()
    onLost()
    timer = setTimeout(open, Math.min(FIRST_RETRY_MS * 2 ** losses, LAST_RETRY_MS))
    losses += 1
  }

  const close = () => {
    clearTimeout(timer)
    source?.close()
    source = undefined
  }

  const onVisibility = () => {
    clearTimeout(timer)
    if (document.visibilityState === 'visible') open()
    else timer = setTimeout(close, HIDDEN_MS)
  }

  document.addEventListener('visibilitychange', onVisibility)
  if (document.visibilityState === 'visible') open()
  return () => {
    document.removeEventListener('visibilitychange', onVisibility)
    close()
  }
}

function revisionOf(event: MessageEvent<string>): number {
  const { revision }: { revision: number } = JSON.parse(event.data)
  return revision
}
