import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { LongPlayground } from '#components/playground/long-playground.tsx'
import { NoPrompt } from '#components/playground/no-prompt.tsx'
import { Playground } from '#components/playground/playground.tsx'
import { readPlaygroundState } from '#components/playground/playground-state.ts'
import { PageTitle } from '#components/shell/page-title.tsx'
import { listPrompts } from '#lib/prompts/operations/list-prompts.ts'
import { readForPage } from '../read.ts'
import { hrefOfGeneration, readPlayground } from './read-playground.ts'

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

/** Prompts that are offered while none is chosen. */
const OFFERED = 6

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  const { prompt } = await readPlaygroundState(searchParams)
  return { title: prompt === null ? 'Playground' : `Playground · ${prompt}` }
}

export default async function PlaygroundPage({ searchParams }: Props) {
  const state = await readPlaygroundState(searchParams)
  const { prompt, version, label, from } = state
  if (prompt === null && from !== null) redirect((await hrefOfGeneration(from)) ?? '/playground')
  if (prompt !== null) {
    const key = `${prompt} ${version} ${label}`
    const props = await readPlayground(prompt, state)
    return 'about' in props ? <LongPlayground key={key} {...props} /> : <Playground key={key} {...props} />
  }
  return (
    <>
      <PageTitle>Playground</PageTitle>
      <NoPrompt prompts={await readLastChanged()} />
    </>
  )
}

async function readLastChanged() {
  const { items } = await readForPage((actor) => listPrompts(actor, { sort: '-updated_at', limit: OFFERED }))
  return items.map(({ name, title }) => ({ name, title }))
}
