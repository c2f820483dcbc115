import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Metadata } from 'next'
import { Document } from '#components/docs/document.tsx'
import { PageTitle } from '#components/shell/page-title.tsx'

export const metadata: Metadata = { title: 'The language of templates' }

/** The page that editors and errors link to: the document of the repository, in which nobody's data is. */
export default async function TemplatesPage() {
  const text = await readFile(path.join(process.cwd(), 'docs/templates.md'), 'utf8')
  return (
    <>
      <PageTitle>Templates</PageTitle>
      <Document text={text} />
    </>
  )
}
