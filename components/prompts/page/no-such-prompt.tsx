'use client'

import Link from 'next/link'
import { useParams } from 'next/navigation'
import { useEffect } from 'react'
import { forgetPrompt } from '#components/palette/recent-prompts.ts'
import { MAX_SEARCH_LENGTH } from '#components/shell/address-parsers.ts'
import { WaysOn } from '#components/shell/ways-on.tsx'
import { buttonClass } from '#components/ui/button-class.ts'
import { cutText } from '#lib/text.ts'
import { listHref } from '../filters.ts'

/** There is no prompt of the name in the address: search for it, or look in the archive. */
export function NoSuchPrompt() {
  const { name } = useParams<{ name?: string }>()
  const text = cutText(decoded(name ?? ''), MAX_SEARCH_LENGTH)
  const words = text.replaceAll(/[_-]+/g, ' ').trim()
  useEffect(() => forgetPrompt(text), [text])
  return (
    <div className="flex flex-col items-start gap-5 py-20">
      <h1 className="rubricated font-serif text-5xl tracking-tight">No such prompt</h1>
      <p className="max-w-prose break-words text-ink-soft">
        Nothing answers to <code className="font-mono text-ink text-sm">{text}</code>. It may have been
        archived, or the version that was asked for was never saved.
      </p>
      <WaysOn except={text}>
        <Link href={listHref({ q: words || null })} className={buttonClass('primary')}>
          Search for it
        </Link>
        <Link href={listHref({ archived: 'true' })} className={buttonClass('outline')}>
          Look in the archive
        </Link>
      </WaysOn>
    </div>
  )
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
