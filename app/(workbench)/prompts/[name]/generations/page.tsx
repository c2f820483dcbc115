import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { generationsHref, readFilters } from '#components/generations/filters.ts'
import { GenerationBrowser } from '#components/generations/list/generation-browser.tsx'
import { readGenerations } from '../../../generations/read-generations.ts'
import { findNewest, leaveUnreadable } from '../read-prompt.ts'

interface Props {
  params: Promise<{ name: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const prompt = await findNewest((await params).name)
  return { title: prompt === undefined ? 'Generations' : `Generations · ${prompt.name}` }
}

export default async function PromptGenerationsPage({ params, searchParams }: Props) {
  const { name } = await params
  const filters = await readFilters(searchParams)
  const prompt = await findNewest(name)
  if (prompt === undefined) return leaveUnreadable(name)
  // A former name leads on, and a prompt in the search would be a second one.
  if (prompt.name !== name || filters.prompt !== null)
    redirect(generationsHref({ ...filters, prompt: null }, prompt.name))
  return (
    <>
      <h2 className="sr-only">Generations</h2>
      <GenerationBrowser {...(await readGenerations(filters, prompt.name))} page={prompt.name} />
    </>
  )
}
