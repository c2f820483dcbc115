'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useEffect, useRef } from 'react'

/** The rooms of the workbench, in the order of the navigation, with the second key of `g …`. */
export const PAGES = [
  { href: '/prompts', name: 'Prompts', key: 'p', words: 'list templates' },
  { href: '/playground', name: 'Playground', key: 'l', words: 'run generate models side by side compare' },
  { href: '/generations', name: 'Generations', key: 'g', words: 'answers runs batches queue history' },
  { href: '/categories', name: 'Categories', key: 'c', words: 'order merge colours' },
  { href: '/usage', name: 'Usage', key: 'u', words: 'statistics dashboard charts' },
  { href: '/connect', name: 'Connect', key: 'o', words: 'mcp claude cursor vs code curl test connection' },
  { href: '/settings', name: 'Settings', key: 's', words: 'preferences' },
] as const

/** The rooms of the workbench: beside the name where there is room, else in a row of their own below it. */
export function MainNavigation() {
  const pathname = usePathname()
  const list = useRef<HTMLUListElement>(null)
  // On a phone the row is wider than the screen: the room that one is in is in sight.
  useEffect(() => {
    const links = [...(list.current?.querySelectorAll('a') ?? [])]
    const current = links.find((link) => `${pathname}/`.startsWith(`${link.getAttribute('href')}/`))
    if (!list.current || !current) return
    const { left, width } = current.getBoundingClientRect()
    const { left: start, width: room } = list.current.getBoundingClientRect()
    list.current.scrollLeft += left + width / 2 - start - room / 2
  }, [pathname])
  return (
    <nav
      aria-label="Main"
      className="max-lg:-mx-4 sm:max-lg:-mx-8 max-lg:order-last max-lg:w-[calc(100%+2rem)] sm:max-lg:w-[calc(100%+4rem)] sm:max-lg:px-5.5 max-lg:border-line max-lg:border-t max-lg:px-0.5"
    >
      <ul
        ref={list}
        className="flex items-center max-lg:h-10 max-sm:justify-between sm:max-lg:gap-2 max-lg:overflow-x-auto max-lg:px-1 max-lg:[scrollbar-width:none] lg:gap-1"
      >
        {PAGES.map(({ href, name }) => (
          <li key={href}>
            <Link
              href={href}
              aria-current={pathname === href ? 'page' : pathname.startsWith(`${href}/`) ? 'true' : undefined}
              className="flex h-8 items-center rounded-md px-2 text-ink-soft lg:px-2.5 text-sm underline-offset-[0.6rem] decoration-2 hover:bg-hover hover:text-ink aria-[current]:font-medium aria-[current]:text-ink aria-[current]:underline aria-[current]:decoration-rubric"
            >
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}

/**
 * After a step to another page within the app, puts the focus at its beginning, as a browser would: the
 * link that was followed may be gone, or stands in the header. An element that the new page focused itself stays, and
 * so does a tab that both pages have.
 */
export function FocusOnNavigation({ target }: { target: string }) {
  const pathname = usePathname()
  const shown = useRef(pathname)
  useEffect(() => {
    if (shown.current === pathname) return
    shown.current = pathname
    const active = document.activeElement
    const main = document.getElementById(target)
    if (main === null || (active !== null && main.contains(active))) return
    if (active?.closest('[role="dialog"]')) return
    main.focus({ preventScroll: true })
  }, [pathname, target])
  return null
}
