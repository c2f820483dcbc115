import type { Actor } from '../../../access/actor.ts'
import { isAppError, overLimit } from '../../../errors.ts'
import { issueReceipt } from '../../../outcomes/receipt.ts'
import { getRuntime } from '../../../runtime.ts'
import { operation } from '../../../telemetry/operation.ts'
import { recordUsage } from '../../../usage/recording/record.ts'
import { findVersion } from '../../cache/find-version.ts'
import type { ResolvedVersion } from '../../cache/prompt-cache.ts'
import { LATEST } from '../../name.ts'
import { assertMay } from '../../policy.ts'
import type { ReportedUse, ReportUsesInput, UseReport } from '../../use-schema.ts'

type Item = UseReport['items'][number]
type Resolution = ResolvedVersion['resolution']

/**
 * Counts renders that a client made by itself, each as one render of now. A use of what the caller may not read, or
 * of what is not there, is not counted and says so; the others are.
 * @throws forbidden, too_large for more uses than the limit, unavailable: then none was counted
 */
export const reportUses = operation('reportUses', run)

async function run(actor: Actor, { uses }: ReportUsesInput): Promise<UseReport> {
  assertMay(actor, 'read')
  const { reported_uses: most } = getRuntime().config.limits
  if (uses.length > most)
    throw overLimit('limits.reported_uses', `At most ${most} uses are told at once`, ['uses'])
  const versions = new Map<string, Promise<ResolvedVersion | undefined>>()
  const find = ({ prompt, version }: ReportedUse) => {
    const key = `${prompt} ${version}`
    const known = versions.get(key) ?? findReadable(actor, prompt, version)
    versions.set(key, known)
    return known
  }
  // All are found before one is counted: who is answered "unavailable" tells all of them again.
  const found = await Promise.all(uses.map(find))
  const sources = new Map<string, Resolution>()
  return { items: uses.map((use, index) => count(actor, use, found[index], sources)) }
}

/** @returns undefined: the caller can read no such version. @throws unavailable */
async function findReadable(
  actor: Actor,
  prompt: string,
  version: number,
): Promise<ResolvedVersion | undefined> {
  try {
    return await findVersion(actor, prompt, { version })
  } catch (error) {
    if (isAppError(error) && error.code === 'not_found') return undefined
    throw error
  }
}

function count(
  actor: Actor,
  use: ReportedUse,
  found: ResolvedVersion | undefined,
  sources: Map<string, Resolution>,
): Item {
  if (found === undefined) return { receipt: null, refused: 'not_found' }
  const resolution = chosenBy(found.resolution, use, sources)
  record(actor, use, found, resolution.label)
  const isWell = (use.outcome ?? 'ok') === 'ok'
  return { receipt: isWell ? receiptFor(actor, found, resolution) : null, refused: null }
}

/** Labels that a client makes up would be names of their own in the figures: those that are none of the prompt go. */
function chosenBy(resolution: Resolution, use: ReportedUse, sources: Map<string, Resolution>): Resolution {
  const { label } = use
  const isKnown =
    label !== undefined &&
    (label === LATEST || resolution.prompt.labels.some((state) => state.label === label))
  if (!isKnown) return resolution
  const key = `${resolution.versionId} ${label}`
  const source = sources.get(key) ?? { ...resolution, label }
  sources.set(key, source)
  return source
}

function record(actor: Actor, use: ReportedUse, found: ResolvedVersion, label: string | null): void {
  const given = Object.fromEntries((use.variables ?? []).map((name) => [name, true]))
  recordUsage(actor, {
    operation: 'render',
    prompt_id: found.resolution.prompt.id,
    version: found.version.stored.version,
    label,
    outcome: use.outcome ?? 'ok',
    details: use.details?.filter((detail) => isOfVersion(detail, found)).map(withoutMessage),
    variables: use.variables === undefined ? undefined : found.version.givenNames(given),
    duration_us: use.duration_us ?? 0,
  })
}

type Detail = NonNullable<ReportedUse['details']>[number]

/** The names that clients make up would be rows of their own among the reasons: what a version has can be missing or wrong. */
function isOfVersion({ path: [first, name], code }: Detail, { version }: ResolvedVersion): boolean {
  if (first !== 'variables' || code === 'unknown_variable') return true
  return version.variables.some((variable) => variable.name === name)
}

function withoutMessage(detail: Detail) {
  return { ...detail, message: '' }
}

function receiptFor(actor: Actor, { version }: ResolvedVersion, resolution: Resolution): string {
  return issueReceipt(resolution, 'render', () => ({
    workspaceId: actor.workspaceId,
    promptId: resolution.prompt.id,
    version: version.stored.version,
    checksum: version.stored.checksum,
    label: resolution.label,
    generationId: null,
  }))
}
