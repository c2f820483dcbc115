'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { PAGES } from './pages.ts'

/** The rooms of the workbench: beside the name where there is room, else in a row of their own below it. */
export function MainNavigation() {
  const pathname = usePathname()
  return (
    <nav
      aria-label="Main"
      className="max-md:-mx-4 max-md:order-last max-md:w-[calc(100%+2rem)] max-md:border-line max-md:border-t max-md:px-1.5"
    >
      <ul className="flex items-center max-md:h-10 max-md:justify-between md:gap-1">
        {PAGES.map(({ href, name }) => (
          <li key={href}>
            <Link
              href={href}
              aria-current={pathname === href ? 'page' : pathname.startsWith(`${href}/`) ? 'true' : undefined}
              className="flex h-8 items-center rounded-md px-2.5 text-ink-soft text-sm underline-offset-[0.6rem] decoration-2 hover:bg-hover hover:text-ink aria-[current]:font-medium aria-[current]:text-ink aria-[current]:underline aria-[current]:decoration-rubric"
            >
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
