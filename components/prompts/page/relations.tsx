import Link from 'next/link'
import type { ReactNode } from 'react'
import { Badge } from '#components/ui/badge.tsx'
import type { Prompt, UsedByPage } from '#lib/prompts/schema.ts'
import { LabelBadges, versionHref } from '../version-badges.tsx'

const LINK = 'stretched rounded font-mono text-sm hover:text-rubric'

/** The versions that the text includes. */
export function Includes({ includes }: { includes: Prompt['includes'] }) {
  if (includes.length === 0) return null
  return (
    <Relation id="includes" title="Includes">
      {includes.map(({ ref, name, version, newer }) => (
        <Entry key={ref}>
          <Link href={versionHref(name, { version })} prefetch={false} className={LINK}>
            {name} v{version}
          </Link>
          {newer !== null && <Badge tone="lapis">v{newer} is newer</Badge>}
        </Entry>
      ))}
    </Relation>
  )
}

/** The prompts that include this one. */
export function UsedBy({ page }: { page: UsedByPage }) {
  if (page.items.length === 0) return null
  return (
    <Relation id="used-by" title="Used by">
      {page.items.map(({ name, title, version, labels, included_version: included }) => (
        <Entry key={`${name}@${version}`}>
          <Link href={versionHref(name, { version })} prefetch={false} className={LINK}>
            {name} v{version}
          </Link>
          <LabelBadges labels={labels.map((label) => ({ label, version }))} />
          <span className="ml-auto text-ink-faint text-xs">
            {title} takes in v{included}
          </span>
        </Entry>
      ))}
      {page.next_cursor && <li className="py-3 text-ink-faint text-sm">… and more.</li>}
    </Relation>
  )
}

function Relation({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section aria-labelledby={`${id}-heading`}>
      <h2 id={`${id}-heading`} className="mb-3 font-serif text-xl">
        {title}
      </h2>
      <ul className="divide-y divide-line border-line border-y">{children}</ul>
    </section>
  )
}

function Entry({ children }: { children: ReactNode }) {
  return (
    <li className="relative -mx-3 flex flex-wrap items-center gap-2 rounded-lg px-3 py-3 hover:bg-sunken">
      {children}
    </li>
  )
}
