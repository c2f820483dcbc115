import Link from 'next/link'
import { buttonClass } from '#components/ui/button-class.ts'

/** An address of an import that is not there. */
export default function NotFound() {
  return (
    <div className="flex flex-col items-start gap-5 py-20">
      <h1 className="rubricated font-serif text-4xl tracking-tight sm:text-5xl">No such import</h1>
      <p className="max-w-prose text-ink-soft">It was never made, or not in this workspace.</p>
      <Link href="/import" className={buttonClass('primary')}>
        All imports
      </Link>
    </div>
  )
}
