import type { Metadata } from 'next'
import { fieldsOf } from '#components/changes/version-fields.ts'
import { categoryFacts } from '#components/prompts/categories-and-tags.tsx'
import { NewPrompt } from '#components/prompts/editor/new-prompt.tsx'
import { LongCopy } from '#components/prompts/page/long-pages.tsx'
import { PageTitle } from '#components/shell/page-title.tsx'
import { listCategories } from '#lib/categories/operations/list-categories.ts'
import { cutText } from '#lib/text.ts'
import { isLongPrompt, longPrompt } from '../../long-page.ts'
import { readForPage } from '../../read.ts'
import { findNewest } from '../[name]/read-prompt.ts'

export const metadata: Metadata = { title: 'New prompt' }

const LONGEST_TITLE = 200

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export default async function NewPromptPage({ searchParams }: Props) {
  const { from, title } = await searchParams
  const [source, { categories }] = await Promise.all([
    typeof from === 'string' ? findNewest(from) : undefined,
    readForPage((actor) => listCategories(actor)),
  ])
  const shown = categories.map(categoryFacts)
  return (
    <>
      <PageTitle isShort>{source ? `A copy of ${source.title || source.name}` : 'New prompt'}</PageTitle>
      {source !== undefined && isLongPrompt(source, new Map()) ? (
        <LongCopy key={source.name} about={longPrompt(source, true)} categories={shown} />
      ) : (
        <NewPrompt
          key={source?.name ?? ''}
          categories={shown}
          title={typeof title === 'string' ? cutText(title, LONGEST_TITLE) : undefined}
          from={
            source && {
              name: source.name,
              category: source.category,
              tags: source.tags,
              fields: fieldsOf(source),
            }
          }
        />
      )}
    </>
  )
}
