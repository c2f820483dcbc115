import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { UsageDashboard } from '#components/usage/usage-dashboard.tsx'
import { readUsageState, usageHref } from '#components/usage/usage-state.ts'
import { readUsage } from '../../../usage/read-usage.ts'
import { findNewest, leaveUnreadable } from '../read-prompt.ts'

interface Props {
  params: Promise<{ name: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const prompt = await findNewest((await params).name)
  return { title: prompt === undefined ? 'Usage' : `Usage · ${prompt.name}` }
}

export default async function PromptUsagePage({ params, searchParams }: Props) {
  const { name } = await params
  const state = await readUsageState(searchParams)
  const prompt = await findNewest(name)
  if (prompt === undefined) return leaveUnreadable(name)
  // A former name leads on, and a prompt in the search would be a second one.
  if (prompt.name !== name || state.prompt !== null)
    redirect(usageHref({ ...state, prompt: null }, prompt.name))
  return (
    <>
      <h2 className="sr-only">Usage</h2>
      <UsageDashboard first={await readUsage(state, prompt.name)} page={prompt.name} />
    </>
  )
}
