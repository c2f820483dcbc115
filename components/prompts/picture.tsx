'use client'

import Image from 'next/image'
import { useSyncExternalStore } from 'react'
import type { ContentPart } from '#lib/prompts/content/content.ts'
import { pictureOf } from './picture-of.ts'

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
