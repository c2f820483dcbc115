import Link from 'next/link'
import { buttonClass } from '#components/ui/button-class.ts'

/** An address of a generation that is not there: it was never made, or its time was over. */
export default function NotFound() {
  return (
    <div className="flex flex-col items-start gap-5 py-20">
      <h1 className="rubricated font-serif text-4xl tracking-tight sm:text-5xl">No such generation</h1>
      <p className="max-w-prose text-ink-soft">
        It may have been removed since: generations are kept for a time. The newest are in the list.
      </p>
      <Link href="/generations" className={buttonClass('primary')}>
        All generations
      </Link>
    </div>
  )
}
