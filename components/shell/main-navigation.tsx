'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'

/** The rooms of the workbench. */
const ROOMS = [{ href: '/prompts', name: 'Prompts' }] as const

export function MainNavigation() {
  const pathname = usePathname()
  return (
    <nav aria-label="Main">
      <ul className="flex items-center gap-1">
        {ROOMS.map(({ href, name }) => (
          <li key={href}>
            <Link
              href={href}
              aria-current={pathname === href ? 'page' : pathname.startsWith(`${href}/`) ? 'true' : undefined}
              className="flex h-8 items-center rounded-md px-2.5 text-ink-soft text-sm hover:bg-hover hover:text-ink aria-[current]:font-medium aria-[current]:text-ink"
            >
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
