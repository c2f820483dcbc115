import type { ReactNode } from 'react'
import { InCategory } from '#components/access/person.tsx'
import { categoryFacts } from '#components/prompts/categories-and-tags.tsx'
import { type PromptFacts, PromptHeader } from '#components/prompts/page/prompt-header.tsx'
import { PromptTabs } from '#components/prompts/page/prompt-tabs.tsx'
import { listCategories } from '#lib/categories/operations/list-categories.ts'
import type { Prompt } from '#lib/prompts/schema.ts'
import { readForPage } from '../../read.ts'
import { findNewest } from './read-prompt.ts'

interface Props {
  params: Promise<{ name: string }>
  children: ReactNode
}

/** The fields of a prompt above its pages, without its texts, which would come twice. */
function factsOf(prompt: Prompt): PromptFacts {
  const { name, title, category, tags, aliases, labels, archived, publish, etag } = prompt
  return { name, title, category, tags, aliases, labels, archived, publish, etag }
}

/** The head of every page of a prompt: its name, its category, and the tabs. */
export default async function PromptLayout({ params, children }: Props) {
  const prompt = await findNewest((await params).name)
  // The page itself tells that there is none, or where it is now.
  if (prompt === undefined) return children
  const { categories } = await readForPage(listCategories)
  return (
    <InCategory category={prompt.category}>
      <PromptHeader prompt={factsOf(prompt)} categories={categories.map(categoryFacts)} />
      <PromptTabs name={prompt.name} />
      <div className="pt-6">{children}</div>
    </InCategory>
  )
}
