'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { usePerson } from '#components/access/person.tsx'
import { LinkPending } from '#components/ui/link-pending.tsx'
import { sectionsFor } from './sections.ts'

/** The sections of the settings: at the side, on narrow screens in lines above. */
export function SectionNavigation() {
  const pathname = usePathname()
  const { scopes } = usePerson()
  return (
    <nav aria-label="Settings" className="lg:sticky lg:top-22">
      <ul className="-mx-2.5 flex flex-wrap gap-x-1 gap-y-0.5 lg:flex-col">
        {sectionsFor(scopes).map(({ href, name }) => (
          <li key={href}>
            <Link
              href={href}
              scroll={false}
              aria-current={pathname.startsWith(href) ? 'page' : undefined}
              className="flex min-h-8 items-center rounded-md px-2.5 text-ink-soft text-sm hover:bg-hover hover:text-ink aria-[current]:bg-hover aria-[current]:font-medium aria-[current]:text-ink"
            >
              {name}
              <LinkPending />
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
