'use client'

import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { PromptBreadcrumb } from '#components/shell/prompt-breadcrumb.tsx'
import { CopyButton } from '#components/ui/copying/copy-button.tsx'
import type { Prompt } from '#lib/prompts/schema.ts'
import { type CategoryFacts, CategoryMark } from '../categories-and-tags.tsx'
import { listHref } from '../filters.ts'
import { useFollowedLabels } from '../use-followed-labels.ts'
import { type PatchablePrompt, usePatchPrompt } from '../use-patch-prompt.ts'
import { LabelBadges } from '../version-badges.tsx'
import { PromptActions } from './prompt-actions.tsx'

const QUIET_LINK = 'rounded text-ink-soft underline-offset-4 hover:text-ink hover:underline'

/** The fields of a prompt that the header shows and changes. */
export type PromptFacts = PatchablePrompt & Pick<Prompt, 'title' | 'labels' | 'publish'>

/** Title, name, category, tags and labels of a prompt, with its actions. */
export function PromptHeader({
  prompt: saved,
  categories,
}: {
  prompt: PromptFacts
  categories: readonly CategoryFacts[]
}) {
  const { prompt, patch } = usePatchPrompt(saved)
  const router = useRouter()
  const { name, title, aliases, tags } = prompt
  const { labels, moved } = useFollowedLabels(saved.name, prompt.labels)
  const category = categories.find(({ slug }) => slug === prompt.category)
  return (
    <header className="pt-4 pb-2">
      <PromptBreadcrumb name={saved.name} title={title} category={category} />
      <div className="mt-2 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <h1 className="rubricated min-w-0 max-w-4xl break-words font-serif text-3xl leading-[1.1] tracking-tight">
          {title || name}
        </h1>
        <PromptActions
          prompt={prompt}
          isSkill={saved.publish.skill}
          categories={categories}
          onPatch={(change, options) =>
            patch(change, {
              ...options,
              onSaved: (answer) => {
                if (answer.archived) router.push('/prompts')
                else if (answer.name !== saved.name) router.replace(`/prompts/${answer.name}`)
              },
            })
          }
        />
      </div>
      <div className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-1 text-sm">
        <div className="flex items-center gap-1">
          <code className="break-all font-mono text-ink-soft">{name}</code>
          <CopyButton name="Copy the name" text={name} />
        </div>
        {labels.length > 0 && (
          <p className="flex flex-wrap items-center gap-1">
            <LabelBadges labels={labels} moved={moved} />
          </p>
        )}
        {aliases.length > 0 && <p className="text-ink-faint">also {aliases.join(', ')}</p>}
        {category && (
          <Link
            href={listHref({ category: category.slug })}
            className={`inline-flex items-center gap-1.5 ${QUIET_LINK}`}
          >
            <CategoryMark color={category.color} />
            {category.name}
          </Link>
        )}
        {tags.length > 0 && <Tags tags={tags} />}
      </div>
    </header>
  )
}

function Tags({ tags }: { tags: readonly string[] }) {
  return (
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
  )
}
