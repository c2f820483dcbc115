import type { Metadata } from 'next'
import { readFilters, toListQuery } from '#components/prompts/filters.ts'
import { PromptBrowser } from '#components/prompts/list/prompt-browser.tsx'
import { PageTitle } from '#components/shell/page-title.tsx'
import { listCategories } from '#lib/categories/operations/list-categories.ts'
import { listPrompts } from '#lib/prompts/operations/list-prompts.ts'
import { listTags } from '#lib/prompts/operations/list-tags.ts'
import { readForPage } from '../../read.ts'

export const metadata: Metadata = { title: 'Prompts' }

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export default async function PromptsPage({ searchParams }: Props) {
  const filters = await readFilters(searchParams)
  const [page, { categories }, tags] = await readForPage((actor) =>
    Promise.all([
      listPrompts(actor, { ...toListQuery(filters), usage: 'true' }),
      listCategories(actor),
      listTags(actor, { limit: 100 }),
    ]),
  )
  return (
    <>
      <PageTitle>Prompts</PageTitle>
      <PromptBrowser
        first={{ filters, page, readAt: Date.now() }}
        categories={categories}
        tags={tags.items}
      />
    </>
  )
}
