import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import type { KnownComparison, VersionFacts } from '#components/prompts/versions/comparison.tsx'
import { shownComparison } from '#components/prompts/versions/shown-fields.ts'
import { VersionsView } from '#components/prompts/versions/versions-view.tsx'
import { parseAsTruth, parseAsVersion } from '#components/shell/address-parsers.ts'
import type { Actor } from '#lib/access/actor.ts'
import { isAppError } from '#lib/errors.ts'
import { ON_A_PAGE } from '#lib/prompts/comparison/cut.ts'
import { diffVersions } from '#lib/prompts/operations/diff-versions.ts'
import { getVersion } from '#lib/prompts/operations/get-version.ts'
import { listLabels } from '#lib/prompts/operations/list-labels.ts'
import { listVersions } from '#lib/prompts/operations/list-versions.ts'
import type { PromptVersion } from '#lib/prompts/schema.ts'
import { fittingPage } from '../../../long-page.ts'
import { readForPage } from '../../../read.ts'
import { findNewest, leaveUnreadable } from '../read-prompt.ts'

interface Props {
  params: Promise<{ name: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

const VERSIONS_SHOWN = 50

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const prompt = await findNewest((await params).name)
  return prompt === undefined ? {} : { title: `Versions · ${prompt.name}` }
}

export default async function VersionsPage({ params, searchParams }: Props) {
  const { name: asked } = await params
  const { from, to, space } = await searchParams
  const prompt = await findNewest(asked)
  if (prompt === undefined) return leaveUnreadable(asked)
  const { name } = prompt
  if (name !== asked) redirect(`/prompts/${name}/versions`)
  const [versions, labels, compared] = await readForPage((actor) =>
    Promise.all([
      fittingPage(VERSIONS_SHOWN, (limit) => listVersions(actor, { name, limit })),
      listLabels(actor, { name }),
      compare(actor, {
        name,
        from: parseAsVersion.parseServerSide(from) ?? undefined,
        to: parseAsVersion.parseServerSide(to) ?? undefined,
        ignoreSpace: parseAsTruth.parseServerSide(space) === false,
      }),
    ]),
  )
  return <VersionsView name={name} versions={versions} labels={labels} compared={compared} now={Date.now()} />
}

/** The comparison that the address asks for; undefined when a version is not there, which the browser says. */
async function compare(
  actor: Actor,
  asked: { name: string; from: number | undefined; to: number | undefined; ignoreSpace: boolean },
): Promise<KnownComparison | undefined> {
  const { name, from, to, ignoreSpace } = asked
  if (from === undefined || to === undefined) return undefined
  try {
    const [older, newer, diff] = await Promise.all([
      getVersion(actor, { name, version: from }),
      getVersion(actor, { name, version: to }),
      diffVersions(actor, { name, from, to }, { ...ON_A_PAGE, context: Infinity, ignoreSpace }),
    ])
    const comparison = shownComparison(diff, newer.kind)
    return { from, to, ignoreSpace, versions: [factsOf(older), factsOf(newer)], comparison }
  } catch (error) {
    if (isAppError(error) && error.code === 'not_found') return undefined
    throw error
  }
}

/** A version without its text, which the page shows as far as it fits. */
function factsOf({
  version,
  created_at,
  author,
  message,
  redacted_at,
  includes,
}: PromptVersion): VersionFacts {
  return { version, created_at, author, message, redacted_at, includes }
}
