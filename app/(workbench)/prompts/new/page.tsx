import type { Metadata } from 'next'
import { fieldsOf } from '#components/changes/version-fields.ts'
import { NewPrompt } from '#components/prompts/editor/new-prompt.tsx'
import { PageTitle } from '#components/shell/page-title.tsx'
import { listCategories } from '#lib/categories/operations/list-categories.ts'
import { readForPage } from '../../read.ts'
import { findNewest } from '../[name]/read-prompt.ts'

export const metadata: Metadata = { title: 'New prompt' }

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export default async function NewPromptPage({ searchParams }: Props) {
  const { from } = await searchParams
  const [source, { categories }] = await Promise.all([
    typeof from === 'string' ? findNewest(from) : undefined,
    readForPage((actor) => listCategories(actor)),
  ])
  return (
    <>
      <PageTitle>{source ? `A copy of ${source.title || source.name}` : 'New prompt'}</PageTitle>
      <NewPrompt
        key={source?.name ?? ''}
        categories={categories}
        from={
          source && {
            name: source.name,
            category: source.category,
            tags: source.tags,
            fields: fieldsOf(source),
          }
        }
      />
    </>
  )
}
