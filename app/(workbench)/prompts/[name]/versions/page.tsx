import type { Metadata } from 'next'
import { notFound, redirect } from 'next/navigation'
import { VersionsView } from '#components/prompts/versions/versions-view.tsx'
import type { Actor } from '#lib/access/actor.ts'
import { isAppError } from '#lib/errors.ts'
import { getVersion } from '#lib/prompts/operations/get-version.ts'
import { listLabels } from '#lib/prompts/operations/list-labels.ts'
import { listVersions } from '#lib/prompts/operations/list-versions.ts'
import type { PromptVersion } from '#lib/prompts/schema.ts'
import { readForPage } from '../../../read.ts'
import { findNewest } from '../read-prompt.ts'

interface Props {
  params: Promise<{ name: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

const NUMBER = /^[1-9]\d{0,8}$/
const VERSIONS_SHOWN = 50

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const prompt = await findNewest((await params).name)
  return prompt === undefined ? {} : { title: `Versions · ${prompt.name}` }
}

export default async function VersionsPage({ params, searchParams }: Props) {
  const { name: asked } = await params
  const { from, to } = await searchParams
  const prompt = await findNewest(asked)
  if (prompt === undefined) notFound()
  const { name } = prompt
  if (name !== asked) redirect(`/prompts/${name}/versions`)
  const [versions, labels, ...compared] = await readForPage((actor) =>
    Promise.all([
      listVersions(actor, { name, limit: VERSIONS_SHOWN }),
      listLabels(actor, { name }),
      findVersion(actor, name, from),
      findVersion(actor, name, to),
    ]),
  )
  return (
    <VersionsView
      name={name}
      versions={versions}
      labels={labels}
      compared={compared.filter((version) => version !== undefined)}
      now={Date.now()}
    />
  )
}

/** A version that the address names; undefined when there is none, which the comparison says then. */
async function findVersion(
  actor: Actor,
  name: string,
  version: string | string[] | undefined,
): Promise<PromptVersion | undefined> {
  if (typeof version !== 'string' || !NUMBER.test(version)) return undefined
  try {
    return await getVersion(actor, { name, version: Number(version) })
  } catch (error) {
    if (isAppError(error) && error.code === 'not_found') return undefined
    throw error
  }
}
