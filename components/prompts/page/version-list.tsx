import Link from 'next/link'
import { Badge } from '#components/ui/badge.tsx'
import { formatDay, formatMoment } from '#components/ui/format.ts'
import type { VersionPage } from '#lib/prompts/schema.ts'
import { versionHref } from '../version-badges.tsx'

/** The versions, newest first, each with message, author and time; each leads to its text. */
export function VersionList({
  name,
  versions,
  shown,
}: {
  name: string
  versions: VersionPage
  shown: number
}) {
  return (
    <section aria-labelledby="versions-heading" className="min-w-0">
      <h2 id="versions-heading" className="mb-3 font-serif text-xl">
        Versions
      </h2>
      <ol className="divide-y divide-line border-line border-y">
        {versions.items.map(({ version, labels, message, author, created_at: at }) => (
          <li key={version} className="relative -mx-3 rounded-lg px-3 py-3 hover:bg-sunken">
            <div className="flex flex-wrap items-center gap-2">
              <Link
                href={versionHref(name, { version })}
                scroll={false}
                prefetch={false}
                aria-current={version === shown ? 'true' : undefined}
                className="stretched rounded font-mono text-sm aria-[current]:text-rubric"
              >
                v{version}
              </Link>
              {labels.map((label) => (
                <Badge key={label} tone={label === 'production' ? 'rubric' : 'lapis'}>
                  {label}
                </Badge>
              ))}
              {version === shown && <span className="text-ink-faint text-xs">shown</span>}
              <time dateTime={at} title={formatMoment(at)} className="ml-auto text-ink-faint text-xs">
                {formatDay(at)}
              </time>
            </div>
            <p className="mt-1 text-ink-soft text-sm">
              {message || 'No message'}
              <span className="text-ink-faint"> · {author.display}</span>
            </p>
          </li>
        ))}
      </ol>
      {versions.next_cursor && (
        <p className="mt-3 text-ink-faint text-sm">These are the newest {versions.items.length}.</p>
      )}
    </section>
  )
}
