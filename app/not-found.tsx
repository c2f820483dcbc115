import type { Metadata } from 'next'
import Link from 'next/link'
import { Shell } from '#components/shell/shell.tsx'
import { buttonClass } from '#components/ui/button-class.ts'

export const metadata: Metadata = { title: 'Not found' }

export default function NotFound() {
  return (
    <Shell>
      <div className="flex flex-col items-start gap-5 py-24">
        <h1 className="rubricated font-serif text-5xl tracking-tight">Nothing is here</h1>
        <p className="max-w-prose text-ink-soft">The address is not one of this workbench.</p>
        <Link href="/prompts" className={buttonClass('primary')}>
          All prompts
        </Link>
      </div>
    </Shell>
  )
}
