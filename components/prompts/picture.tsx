'use client'

import Image from 'next/image'
import { useSyncExternalStore } from 'react'
import type { ContentPart } from '#lib/prompts/content/content.ts'

const neverChanges = () => () => {}

/** A thumbnail of a part, where the page may show one. */
export function Picture({ part }: { part: ContentPart }) {
  const origin = useSyncExternalStore(
    neverChanges,
    () => location.origin,
    () => '',
  )
  const src = pictureOf(part, origin)
  return (
    src !== undefined && (
      <Image
        unoptimized
        width={512}
        height={512}
        src={src}
        alt="What the message holds"
        className="mt-2 h-auto max-h-64 min-h-12 w-auto min-w-12 max-w-full rounded bg-sunken object-contain"
      />
    )
  )
}

const PICTURE_DATA = /^data:image\/[\w.+-]+[;,]/i
const PICTURE_TYPE = /^image\//i
const PICTURE_FILE = /\.(?:avif|gif|jpe?g|png|svg|webp)$/i

/**
 * The address under which a page may load the picture of a part; undefined where it has none. The page's policy
 * allows data and this server's files: pictures elsewhere are named, not fetched.
 * @param origin of the page; empty while the server renders it
 */
export function pictureOf(part: ContentPart, origin: string): string | undefined {
  switch (part.type) {
    case 'image':
      return `data:${part.mimeType};base64,${part.data}`
    case 'resource': {
      const { mimeType, blob } = part.resource
      const isPicture = blob !== undefined && mimeType !== undefined && PICTURE_TYPE.test(mimeType)
      return isPicture ? `data:${mimeType};base64,${blob}` : undefined
    }
    case 'resource_link':
      return PICTURE_DATA.test(part.uri) ? part.uri : ownPicture(part.uri, part.mimeType, origin)
    default:
      return undefined
  }
}

/** A picture that this server has, by a path or by its whole address. */
function ownPicture(uri: string, mimeType: string | undefined, origin: string): string | undefined {
  const isPath = uri.startsWith('/') && !uri.startsWith('//')
  if (origin === '' || !(isPath || uri.startsWith(`${origin}/`)) || !URL.canParse(uri, origin))
    return undefined
  const { pathname, href } = new URL(uri, origin)
  // A route that answers requests is no picture, whatever its link says; a request to it would count as use.
  if (/^\/(?:api|mcp)\b/.test(pathname)) return undefined
  return PICTURE_TYPE.test(mimeType ?? '') || PICTURE_FILE.test(pathname) ? href : undefined
}
