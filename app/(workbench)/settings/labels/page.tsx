import type { Metadata } from 'next'
import { LabelRuleBoard } from '#components/label-rules/label-rule-board.tsx'
import { listLabelRules } from '#lib/label-rules/operations/list-label-rules.ts'
import { readForPage } from '../../read.ts'

export const metadata: Metadata = { title: 'Labels · Settings' }

export default async function LabelsPage() {
  const { items } = await readForPage((actor) => listLabelRules(actor))
  return <LabelRuleBoard first={items} readAt={Date.now()} />
}
