import type { Metadata } from 'next'
import { categoryFacts } from '#components/prompts/categories-and-tags.tsx'
import { PageTitle } from '#components/shell/page-title.tsx'
import { ImportPage } from '#components/transfer/import-page.tsx'
import { listCategories } from '#lib/categories/operations/list-categories.ts'
import { getRuntime } from '#lib/runtime.ts'
import { FORMATS } from '#lib/transfer/formats/index.ts'
import { listImports } from '#lib/transfer/operations/list-imports.ts'
import { readForPage, readWith } from '../read.ts'

export const metadata: Metadata = { title: 'Import' }

const NO_IMPORTS = { items: [], next_cursor: null }

export default async function ImportPromptsPage() {
  const { import_bytes: bytes, import_files: files } = getRuntime().config.limits
  const [imports, { categories }] = await readForPage((actor) =>
    Promise.all([
      // The page itself tells who may not import.
      readWith(actor, 'prompts:write', () => listImports(actor, {})),
      listCategories(actor),
    ]),
  )
  return (
    <>
      <PageTitle isShort>Import</PageTitle>
      <ImportPage
        limits={{ bytes, files }}
        formats={FORMATS.map(({ id, title }) => ({ id, title }))}
        first={{
          imports: imports ?? NO_IMPORTS,
          categories: categories.map(categoryFacts),
          readAt: Date.now(),
        }}
      />
    </>
  )
}
