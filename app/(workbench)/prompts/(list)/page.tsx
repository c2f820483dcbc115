import type { Metadata } from 'next'
import { categoryFacts } from '#components/prompts/categories-and-tags.tsx'
import { readFilters, toListQuery } from '#components/prompts/filters.ts'
import { PromptBrowser } from '#components/prompts/list/prompt-browser.tsx'
import { NewPromptLink } from '#components/shell/new-prompt-link.tsx'
import { PageTitle } from '#components/shell/page-title.tsx'
import { InAndOut } from '#components/transfer/export/export-button.tsx'
import { listCategories } from '#lib/categories/operations/list-categories.ts'
import { pageSize } from '#lib/page-size.ts'
import { listPrompts } from '#lib/prompts/operations/list-prompts.ts'
import { listTags } from '#lib/prompts/operations/names/list-tags.ts'
import { fittingPage, isLong } from '../../long-page.ts'
import { readForPage } from '../../read.ts'

export const metadata: Metadata = { title: 'Prompts' }

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export default async function PromptsPage({ searchParams }: Props) {
  const filters = await readFilters(searchParams)
  const [page, { categories }, tags] = await readForPage((actor) =>
    Promise.all([
      fittingPage(pageSize(undefined), (limit) =>
        listPrompts(actor, { ...toListQuery(filters), usage: 'true', limit }),
      ),
      listCategories(actor),
      listTags(actor, { limit: 100 }),
    ]),
  )
  const facts = categories.map(categoryFacts)
  return (
    <>
      <PageTitle
        isShort
        action={
          <div className="flex flex-wrap gap-2">
            <InAndOut />
            <NewPromptLink />
          </div>
        }
      >
        Prompts
      </PageTitle>
      <PromptBrowser
        first={{ filters, page, readAt: Date.now() }}
        categories={isLong(facts) ? undefined : facts}
        tags={tags.items}
      />
    </>
  )
}
