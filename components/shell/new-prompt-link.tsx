'use client'

import { Plus } from 'lucide-react'
import Link from 'next/link'
import { useReasonAgainst } from '#components/access/person.tsx'
import { Button } from '#components/ui/button.tsx'
import { buttonClass } from '#components/ui/button-class.ts'

/** The way to a new prompt: in words above the list of prompts, as a sign in the frame of every page. */
export function NewPromptLink({ isSign = false }: { isSign?: boolean }) {
  const reason = useReasonAgainst('prompts:write')
  if (reason !== undefined)
    return (
      <Button
        look={isSign ? 'quiet' : 'primary'}
        square={isSign}
        aria-label={isSign ? 'New prompt' : undefined}
        reason={reason}
      >
        <Plus aria-hidden="true" />
        {!isSign && 'New prompt'}
      </Button>
    )
  return (
    <Link
      href="/prompts/new"
      aria-keyshortcuts="n"
      aria-label={isSign ? 'New prompt' : undefined}
      title={isSign ? 'New prompt (N)' : undefined}
      className={buttonClass(isSign ? 'quiet' : 'primary', isSign)}
    >
      <Plus aria-hidden="true" />
      {!isSign && (
        <>
          New prompt
          <kbd
            aria-hidden="true"
            className="-mr-1 ml-0.5 inline-flex size-5 items-center justify-center rounded border border-current font-sans text-2xs max-sm:hidden"
          >
            N
          </kbd>
        </>
      )}
    </Link>
  )
}
