import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { cache } from 'react'
import {
  GenerationPage as GenerationView,
  LongGeneration,
} from '#components/generations/detail/generation-page.tsx'
import { isGenerationId } from '#components/generations/filters.ts'
import type { Actor } from '#lib/access/actor.ts'
import { getCatalogue } from '#lib/ai/operations/get-catalogue.ts'
import { listConfigurations } from '#lib/ai/operations/list-configurations.ts'
import { isAppError } from '#lib/errors.ts'
import { getGeneration } from '#lib/generations/operations/get-generation.ts'
import { readUsual } from '#lib/generations/operations/read-usual.ts'
import type { UsualFigures } from '#lib/generations/schema.ts'
import { beginningOf } from '#lib/prompts/content/printed.ts'
import { EXCERPT_SIZE, isLong } from '../../long-page.ts'
import { findNewest } from '../../prompts/[name]/read-prompt.ts'
import { readForPage, readWith } from '../../read.ts'

interface Props {
  params: Promise<{ id: string }>
}

/** The generation, read once per request; undefined when there is none to read. */
const findGeneration = cache(async (id: string) => {
  if (!isGenerationId(id)) return undefined
  return readForPage(async (actor) => {
    try {
      return await getGeneration(actor, { id })
    } catch (error) {
      if (isAppError(error) && error.code === 'not_found') return undefined
      throw error
    }
  })
})

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const generation = await findGeneration((await params).id)
  return { title: generation === undefined ? 'Generation' : `Generation · ${generation.prompt}` }
}

export default async function GenerationPage({ params }: Props) {
  const generation = await findGeneration((await params).id)
  if (generation === undefined) notFound()
  const [prompt, [configurations, catalogue, usual]] = await Promise.all([
    findNewest(generation.prompt),
    readForPage((actor) =>
      Promise.all([
        readWith(actor, 'ai:read', () => listConfigurations(actor, { active: 'true', limit: 200 })),
        readWith(actor, 'ai:read', getCatalogue),
        findUsual(actor, generation.configuration),
      ]),
    ),
  ])
  const facts = {
    title: prompt?.title || generation.prompt,
    configurations: configurations?.items.map(({ name }) => name) ?? [],
    note: catalogue?.providers.find(({ id }) => id === generation.provider)?.note ?? null,
  }
  if (isLong(generation))
    return (
      <LongGeneration
        key={generation.id}
        id={generation.id}
        excerpt={beginningOf(generation.text ?? '', EXCERPT_SIZE)}
        {...facts}
        usual={usual}
      />
    )
  return <GenerationView key={generation.id} first={generation} {...facts} usual={usual} />
}

/** What is usual of its configuration; undefined: that has not answered lately, or is gone. */
async function findUsual(actor: Actor, configuration: string): Promise<UsualFigures | undefined> {
  try {
    return (await readUsual(actor, { configuration })).items[0]
  } catch (error) {
    if (isAppError(error) && error.code === 'not_found') return undefined
    throw error
  }
}
