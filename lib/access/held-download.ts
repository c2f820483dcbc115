import { breakOff, type Download, sendParts } from '../download.ts'
import { appError } from '../errors.ts'
import { getRuntime } from '../runtime.ts'
import type { Actor } from './actor.ts'
import { ActorStreams } from './actor-streams.ts'

interface HeldDownload {
  fileName: string
  /** With its parameters: `text/csv; charset=utf-8`. */
  mediaType: string
  /** What the log calls it: `a CSV of the audit log`. */
  what: string
  parts: AsyncIterable<string | Uint8Array>
}

/**
 * A file that takes one of the places of `limits.downloads` while it is sent. It breaks off when what its parts are
 * read from goes away, or the actor's rights end.
 */
export function heldDownload(actor: Actor, { fileName, mediaType, what, parts }: HeldDownload): Download {
  const { log } = getRuntime()
  const streams = downloads()
  return {
    fileName,
    mediaType,
    start(sink) {
      // To end a stream from there is to break it off.
      const held = { ...sink, end: () => breakOff(sink) }
      let close = (): void => undefined
      const join = () =>
        sendParts(sink, parts, (error) => {
          close()
          if (error !== undefined) log.warn({ err: error }, `${what} was broken off`)
        })
      const opened = streams.open(actor, held, join)
      // Others may have taken the last places since.
      if (opened === undefined) breakOff(sink)
      else close = opened
      return () => close()
    },
  }
}

/** @throws unavailable when no further file can be sent to this workspace now */
export function assertRoomForDownload({ workspaceId }: Actor): void {
  if (!downloads().isFullFor(workspaceId)) return
  throw appError('unavailable', 'No further file can be sent here now. Try again later.', { retryAfter: 10 })
}

/** @throws invalid_input: a file has everything, so it has no pages of a size */
export function assertWholeFile({ limit }: { limit?: number | undefined }): void {
  if (limit === undefined) return
  throw appError('invalid_input', '`limit` is for pages: a file has everything.', {
    details: [{ path: ['limit'], code: 'not_for_files', message: 'is for pages' }],
  })
}

function downloads(): ActorStreams {
  return getRuntime().once(
    'downloads',
    ({ config, feed }) => new ActorStreams({ limit: config.limits.downloads, feed }),
  )
}
