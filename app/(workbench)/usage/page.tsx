import type { Metadata } from 'next'
import { PageTitle } from '#components/shell/page-title.tsx'
import { UsageDashboard } from '#components/usage/usage-dashboard.tsx'
import { readUsageState } from '#components/usage/usage-state.ts'
import { readUsage } from './read-usage.ts'

export const metadata: Metadata = { title: 'Usage' }

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export default async function UsagePage({ searchParams }: Props) {
  const first = await readUsage(await readUsageState(searchParams))
  return (
    <>
      <PageTitle>Usage</PageTitle>
      <UsageDashboard first={first} />
    </>
  )
}
