import type { Metadata } from 'next'
import { readFilters } from '#components/generations/filters.ts'
import { GenerationBrowser } from '#components/generations/list/generation-browser.tsx'
import { readGenerations } from './read-generations.ts'

export const metadata: Metadata = { title: 'Generations' }

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export default async function GenerationsPage({ searchParams }: Props) {
  const read = await readGenerations(await readFilters(searchParams))
  return <GenerationBrowser {...read} />
}
