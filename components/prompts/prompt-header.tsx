import { ArrowDown } from 'lucide-react'
import Link from 'next/link'
import { buttonClass } from '#components/ui/button-class.ts'
import { CopyButton } from '#components/ui/copy-button.tsx'
import type { Prompt } from '#lib/prompts/schema.ts'
import { CategoryMark } from './category-mark.tsx'
import type { CategoryFacts } from './facts.ts'
import { listHref } from './filters.ts'

const QUIET_LINK = 'rounded text-ink-soft underline-offset-4 hover:text-ink hover:underline'

/** What the prompt is called, where it belongs and what it is for. */
export function PromptHeader({ prompt, category }: { prompt: Prompt; category: CategoryFacts | undefined }) {
  const { name, title, description, aliases, tags } = prompt
  return (
    <header className="pt-8 pb-9">
      <nav aria-label="Breadcrumb" className="text-sm">
        <ol className="flex items-center gap-2">
          <li>
            <Link href="/prompts" className={QUIET_LINK}>
              Prompts
            </Link>
          </li>
          {category && (
            <>
              <li aria-hidden="true" className="text-ink-faint">
                /
              </li>
              <li>
                <Link
                  href={listHref({ category: category.slug })}
                  className={`inline-flex items-center gap-1.5 ${QUIET_LINK}`}
                >
                  <CategoryMark color={category.color} />
                  {category.name}
                </Link>
              </li>
            </>
          )}
        </ol>
      </nav>
      <h1 className="rubricated mt-4 max-w-4xl break-words font-serif text-[2.5rem] leading-[1.1] tracking-tight sm:text-5xl">
        {title || name}
      </h1>
      <div className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-1 text-sm">
        <div className="flex items-center gap-1">
          <code className="break-all font-mono text-ink-soft">{name}</code>
          <CopyButton name="Copy the name" text={name} />
        </div>
        {aliases.length > 0 && <p className="text-ink-faint">also {aliases.join(', ')}</p>}
        {tags.length > 0 && (
          <ul aria-label="Tags" className="flex flex-wrap gap-x-3 gap-y-1">
            {tags.map((tag) => (
              <li key={tag}>
                <Link href={listHref({ tag })} className={QUIET_LINK}>
                  <span className="text-ink-faint">#</span>
                  {tag}
                </Link>
              </li>
            ))}
          </ul>
        )}
      </div>
      {description && <p className="mt-3 max-w-[88ch] text-pretty text-ink-soft leading-6">{description}</p>}
      <a href="#try" className={`mt-5 ${buttonClass('outline')} lg:hidden`}>
        <ArrowDown aria-hidden="true" />
        Try it
      </a>
    </header>
  )
}
