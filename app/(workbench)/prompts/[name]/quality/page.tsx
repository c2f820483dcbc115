import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { qualityHref, readQualityState, toQualityQuery } from '#components/outcomes/quality-state.ts'
import { QualityView } from '#components/outcomes/quality-view.tsx'
import { getQuality } from '#lib/outcomes/operations/get-quality.ts'
import { readForPage } from '../../../read.ts'
import { findNewest, leaveUnreadable } from '../read-prompt.ts'

interface Props {
  params: Promise<{ name: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const prompt = await findNewest((await params).name)
  return { title: prompt === undefined ? 'Quality' : `Quality · ${prompt.name}` }
}

export default async function PromptQualityPage({ params, searchParams }: Props) {
  const { name } = await params
  const state = await readQualityState(searchParams)
  const prompt = await findNewest(name)
  if (prompt === undefined) return leaveUnreadable(name)
  // A former name leads on.
  if (prompt.name !== name) redirect(qualityHref(prompt.name, state))
  const now = new Date()
  const quality = await readForPage((actor) => getQuality(actor, { name, ...toQualityQuery(state, now) }))
  return (
    <>
      <h2 className="sr-only">Quality</h2>
      <QualityView first={{ state, quality, readAt: now.getTime() }} labels={prompt.labels} />
    </>
  )
}
