'use client'

import Link from 'next/link'
import { usePathname, useSearchParams } from 'next/navigation'
import { Suspense } from 'react'
import { RememberPrompt } from '#components/palette/recent-prompts.ts'

const TABS: Record<string, string> = {
  versions: 'Versions',
  generations: 'Generations',
  usage: 'Usage',
  compare: 'Compare',
}

interface Step {
  name: string
  href: string
  isCode?: boolean
}

/** Prompts / category / prompt / tab / version: where one is, and the way back up. */
export function PromptBreadcrumb(props: {
  name: string
  title: string
  category: { slug: string; name: string } | undefined
}) {
  return (
    <>
      <RememberPrompt name={props.name} title={props.title} />
      <Suspense fallback={<div className="h-5" />}>
        <Trail {...props} />
      </Suspense>
    </>
  )
}

function Trail({ name, category }: { name: string; category: { slug: string; name: string } | undefined }) {
  const pathname = usePathname()
  const query = useSearchParams()
  const steps: Step[] = [
    { name: 'Prompts', href: '/prompts' },
    ...(category ? [{ name: category.name, href: `/prompts?category=${category.slug}` }] : []),
    { name, href: `/prompts/${name}`, isCode: true },
    ...stepsInside(pathname, query.get('version')),
  ]
  return (
    <nav aria-label="Breadcrumb" className="text-sm print:hidden">
      <ol className="flex flex-wrap items-center gap-x-2 gap-y-1">
        {steps.map(({ name: step, href, isCode }, index) => (
          <li key={href} className="flex min-w-0 items-center gap-2">
            {index > 0 && (
              <span aria-hidden="true" className="text-ink-faint">
                /
              </span>
            )}
            <Link
              href={href}
              aria-current={index === steps.length - 1 ? 'page' : undefined}
              className={`min-w-0 break-all rounded text-ink-soft underline-offset-4 hover:text-ink hover:underline aria-[current]:text-ink ${isCode ? 'font-mono text-xs' : ''}`}
            >
              {step}
            </Link>
          </li>
        ))}
      </ol>
    </nav>
  )
}

/** The tab, then the version: part of the path, or asked for on the editor's tab. */
function stepsInside(pathname: string, asked: string | null): Step[] {
  const [, , name = '', tab = '', version] = pathname.split('/')
  const base = `/prompts/${name}`
  const steps: Step[] = []
  const tabName = TABS[tab]
  if (tabName !== undefined) steps.push({ name: tabName, href: `${base}/${tab}` })
  if (version !== undefined) {
    const words = /^\d+$/.test(version) ? `Version ${version}` : (TABS[version] ?? version)
    steps.push({ name: words, href: `${base}/${tab}/${version}` })
  }
  if (tab === '' && asked !== null && /^\d+$/.test(asked))
    steps.push({ name: `Version ${asked}`, href: `${base}?version=${asked}` })
  return steps
}
