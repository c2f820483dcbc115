'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { LinkPending } from '#components/ui/link-pending.tsx'

const TABS = [
  { path: '', name: 'Editor' },
  { path: '/versions', name: 'Versions' },
  { path: '/generations', name: 'Generations' },
  { path: '/usage', name: 'Usage' },
  { path: '/quality', name: 'Quality' },
] as const

/** The pages of one prompt; each is a link with an address of its own. */
export function PromptTabs({ name }: { name: string }) {
  const pathname = usePathname()
  const root = `/prompts/${name}`
  return (
    <nav aria-label="Prompt" className="border-line border-b">
      <ul className="-mb-px flex gap-4 overflow-x-auto sm:gap-6">
        {TABS.map((tab) => {
          const href = root + tab.path
          const isCurrent = tab.path === '' ? pathname === root : pathname.startsWith(href)
          return (
            <li key={tab.path}>
              <Link
                href={href}
                scroll={false}
                aria-current={isCurrent ? 'page' : undefined}
                className="flex h-10 items-center border-transparent border-b-2 text-ink-soft text-sm hover:text-ink aria-[current]:border-rubric aria-[current]:font-medium aria-[current]:text-ink"
              >
                {tab.name}
                <LinkPending />
              </Link>
            </li>
          )
        })}
      </ul>
    </nav>
  )
}
