'use client'

import Link from 'next/link'
import { type ReactNode, useSyncExternalStore } from 'react'
import { keptRecent, readRecent } from '#components/palette/recent-prompts.ts'
import { buttonClass } from '#components/ui/button-class.ts'

const SHOWN = 5
const never = () => () => undefined

/** The ways from a page that is not there: its own links, the list, recent prompts, the palette. */
export function WaysOn({ children, except }: { children?: ReactNode; except?: string }) {
  // The server does not know them.
  const kept = useSyncExternalStore(never, keptRecent, () => '[]')
  const offered = readRecent(kept)
    .filter(({ name }) => name !== except)
    .slice(0, SHOWN)
  return (
    <>
      <div className="flex flex-wrap gap-2">
        {children}
        <Link href="/prompts" className={buttonClass('outline')}>
          All prompts
        </Link>
      </div>
      {offered.length > 0 && (
        <nav aria-labelledby="recent" className="mt-6">
          <h2 id="recent" className="mb-2 text-ink-faint text-sm">
            You were lately at
          </h2>
          <ul className="flex flex-col">
            {offered.map(({ name, title }) => (
              <li key={name}>
                <Link
                  href={`/prompts/${name}`}
                  className="inline-flex min-h-8 items-center gap-3 break-words rounded text-lapis text-sm underline-offset-4 hover:underline"
                >
                  {title || name}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
      )}
    </>
  )
}
