import { notFound, redirect } from 'next/navigation'
import { preferredConfiguration } from '#components/ai/preferred-configuration.ts'
import type { LongPlaygroundProps } from '#components/playground/long-playground.tsx'
import type { PlaygroundProps } from '#components/playground/playground.tsx'
import { type PlaygroundState, playgroundHref, selectorOf } from '#components/playground/playground-state.ts'
import { takenOf } from '#components/playground/taken-over.ts'
import { getCatalogue } from '#lib/ai/operations/get-catalogue.ts'
import { listConfigurations } from '#lib/ai/operations/list-configurations.ts'
import { isAppError } from '#lib/errors.ts'
import { getGeneration } from '#lib/generations/operations/get-generation.ts'
import { listGenerations } from '#lib/generations/operations/list-generations.ts'
import type { Generation } from '#lib/generations/schema.ts'
import { listVersions } from '#lib/prompts/operations/list-versions.ts'
import { getRenderSource } from '#lib/prompts/operations/runs/get-render-source.ts'
import { getRuntime } from '#lib/runtime.ts'
import { fittingPage, isLong, isLongPrompt, longPrompt } from '../long-page.ts'
import { findNewest, readPrompt } from '../prompts/[name]/read-prompt.ts'
import { readForPage, readWith } from '../read.ts'

/** Versions that can be chosen. */
const VERSIONS_OFFERED = 50
/** Configurations that can be asked. */
const CONFIGURATIONS_OFFERED = 200

/** Everything that the playground shows of a prompt. */
export async function readPlayground(
  name: string,
  state: PlaygroundState,
): Promise<PlaygroundProps | LongPlaygroundProps> {
  const chosen = selectorOf(state)
  const generation = state.from === null ? undefined : await findGeneration(state.from)
  const { prompt, lacks } = await readForPlayground(name, state)
  // A label that no version has any more leads to the newest.
  if (lacks !== undefined) redirect(playgroundHref({ ...state, label: null }))
  const [source, versions, asked, catalogue, succeeded] = await readForPage((actor) =>
    Promise.all([
      getRenderSource(actor, { name, version: prompt.version }),
      fittingPage(VERSIONS_OFFERED, (limit) => listVersions(actor, { name, limit })),
      readWith(actor, 'ai:read', () =>
        listConfigurations(actor, { active: 'true', limit: CONFIGURATIONS_OFFERED }),
      ),
      readWith(actor, 'ai:read', getCatalogue),
      listGenerations(actor, { status: 'succeeded', limit: 1 }),
    ]),
  )
  const configurations = asked?.items ?? []
  const preferred = preferredConfiguration(configurations, {
    lastUsed: undefined,
    usual: getRuntime().config.ai.default_configuration,
    succeeded: succeeded.items[0]?.configuration,
  })
  const notes = new Map(catalogue?.providers.map(({ id, note }) => [id, note]))
  const offered = {
    chosen,
    versions,
    configurations: configurations.map(({ name: each, provider, model }) => ({
      name: each,
      provider,
      model,
      note: notes.get(provider) ?? null,
      isPreferred: each === preferred,
    })),
    hasEcho: notes.has('echo'),
  }
  const taken = generation && takenOf(generation)
  if (isLongPrompt(prompt, source.includes) || isLong(taken))
    return {
      ...offered,
      about: longPrompt(prompt, chosen.label === undefined && chosen.version === undefined),
      from: generation?.id ?? null,
    }
  return { ...offered, prompt, includes: source.includes, taken }
}

/** Where the text and the values of a generation are to be gone on with; undefined when it is gone. */
export async function hrefOfGeneration(id: string): Promise<string | undefined> {
  const generation = await findGeneration(id)
  if (generation === undefined) return undefined
  const { prompt, version, configuration } = generation
  const newest = await findNewest(prompt)
  return playgroundHref({
    prompt,
    version: newest?.version === version ? null : version,
    configurations: [configuration],
    from: id,
  })
}

async function readForPlayground(name: string, state: PlaygroundState) {
  const newest = await findNewest(name)
  if (newest === undefined) notFound()
  if (newest.name !== name) redirect(playgroundHref({ ...state, prompt: newest.name }))
  return readPrompt(name, selectorOf(state))
}

async function findGeneration(id: string): Promise<Generation | undefined> {
  return readForPage(async (actor) => {
    try {
      return await getGeneration(actor, { id })
    } catch (error) {
      if (isAppError(error) && error.code === 'not_found') return undefined
      throw error
    }
  })
}
