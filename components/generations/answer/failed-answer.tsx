import Link from 'next/link'
import type { Generation } from '#lib/generations/schema.ts'
import { remedyOf } from './remedies.ts'

/** Stands in the place of a missing answer: the reason, and the remedy. */
export function FailedAnswer({
  error,
  prompt,
}: {
  error: NonNullable<Generation['error']>
  /** Its name, for failures that are the prompt's. */
  prompt?: string
}) {
  const { name, advice, link } = remedyOf(error.code)
  const href = prompt !== undefined && link.href === '/prompts' ? `/prompts/${prompt}` : link.href
  return (
    <section
      aria-labelledby="failed-heading"
      className="rounded-xl border border-rubric/40 bg-rubric-wash px-4 py-5 sm:px-6"
    >
      <h2 id="failed-heading" className="font-serif text-xl">
        It failed: {name.charAt(0).toLowerCase() + name.slice(1)}
      </h2>
      <p className="mt-2 text-sm [overflow-wrap:anywhere]">
        {error.message} <code className="font-mono text-ink-soft text-xs">{error.code}</code>
      </p>
      <p className="mt-2 text-ink-soft text-sm">
        {advice}{' '}
        <Link href={href} className="rounded text-lapis underline underline-offset-2">
          {link.label}
        </Link>
      </p>
    </section>
  )
}
