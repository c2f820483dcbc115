import { Plus } from 'lucide-react'
import Link from 'next/link'
import { buttonClass } from '#components/ui/button-class.ts'
import { Kbd } from '#components/ui/kbd.tsx'

/** The way to a new prompt: in words above the list of prompts, as a sign in the frame of every page. */
export function NewPromptLink({ isSign = false }: { isSign?: boolean }) {
  return (
    <Link
      href="/prompts/new"
      aria-keyshortcuts="n"
      aria-label="New prompt"
      title={isSign ? 'New prompt (N)' : undefined}
      className={buttonClass(isSign ? 'quiet' : 'primary', isSign)}
    >
      <Plus aria-hidden="true" />
      {!isSign && (
        <>
          New prompt
          <span aria-hidden="true" className="contents max-sm:hidden">
            <Kbd className="-mr-1 ml-0.5 border-current/30 bg-transparent text-inherit">N</Kbd>
          </span>
        </>
      )}
    </Link>
  )
}
