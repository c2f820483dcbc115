import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { cache } from 'react'
import { PageTitle } from '#components/shell/page-title.tsx'
import { ImportResult } from '#components/transfer/result/import-result.tsx'
import { isAppError } from '#lib/errors.ts'
import { getImport } from '#lib/transfer/operations/get-import.ts'
import { readForPage } from '../../read.ts'

export const metadata: Metadata = { title: 'Import' }

interface Props {
  params: Promise<{ id: string }>
}

const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** What came of the import, read once per request; undefined when there is none to read. */
const findImport = cache(async (id: string) => {
  if (!ID.test(id)) return undefined
  return readForPage(async (actor) => {
    try {
      return await getImport(actor, { id })
    } catch (error) {
      if (isAppError(error) && error.code === 'not_found') return undefined
      throw error
    }
  })
})

export default async function ImportPage({ params }: Props) {
  const made = await findImport((await params).id)
  if (made === undefined) notFound()
  return (
    <>
      <PageTitle isShort>Imported</PageTitle>
      <ImportResult key={made.id} first={made} readAt={Date.now()} />
    </>
  )
}
