import { onPrimary } from '../../db/read.ts'
import { EVERYTHING, RevisionCache } from '../../db/revision-cache.ts'
import { etagOf } from '../../etag.ts'
import { showCache } from '../../held-metrics.ts'
import { getRuntime, type Runtime } from '../../runtime.ts'
import { isArchived, noPrompt, noVersion } from '../errors.ts'
import { type CompiledVersion, compileVersion } from '../render/compiled-version.ts'
import type { Include, IncludedVersion } from '../schema.ts'
import { poolQuery, readStoredPrompt, type StoredPrompt, type StoredRead } from '../store/stored-prompt.ts'

/** What chooses a version of a prompt. */
export type Selector = { label: string } | { version: number }

/** A name and selector, resolved: everything about the prompt that can change. */
export interface Resolution {
  readonly prompt: StoredPrompt
  readonly versionId: string
  /** The label that chose the version. */
  readonly label: string | null
  readonly etag: string
  /** The references of the version's own text. */
  readonly includes: Include[]
  /** Every version that is included, directly or not. */
  readonly included: IncludedVersion[]
}

/** A prompt with the version that was asked for. */
export interface ResolvedVersion {
  readonly resolution: Resolution
  readonly version: CompiledVersion
}

/**
 * Two levels. Resolutions are dropped when the change feed names a prompt they were made from; versions
 * never change, so they are shared by id and bounded by bytes.
 */
interface PromptCache {
  readonly resolutions: RevisionCache<Resolution>
  /** By id; one that was read before the last redaction is not kept. */
  readonly versions: RevisionCache<CompiledVersion>
}

/** Redaction is the one change to a version. */
const REDACTION = /redact/

function promptCache(): PromptCache {
  return getRuntime().once('prompts.cache', createCache)
}

function createCache({ config, feed }: Runtime): PromptCache {
  const resolutions = new RevisionCache<Resolution>({ maxEntries: config.limits.cache_entries })
  const versions = new RevisionCache<CompiledVersion>({
    maxEntries: Number.POSITIVE_INFINITY,
    maxBytes: Math.ceil(config.limits.cache_bytes / 2),
    sizeOf: ({ size }) => size,
  })
  const cache: PromptCache = { resolutions, versions }
  feed.onChange(({ workspace_id, targets, revision }) => {
    const isRedaction = targets.some((target) => REDACTION.test(target.action))
    if (isRedaction) versions.touch(workspace_id, [EVERYTHING], revision)
    const tags = isRedaction ? [EVERYTHING] : targets.map((target) => target.id)
    resolutions.touch(workspace_id, tags, revision)
  })
  // A missed change may have been a redaction.
  feed.onReset((workspaceId) => {
    versions.clear(workspaceId)
    resolutions.clear(workspaceId)
  })
  showCache('prompts.resolutions', resolutions)
  showCache('prompts.versions', versions)
  return cache
}

/**
 * The version that a name or alias and a selector mean; at once when it is in memory. Serves on while the
 * database is away.
 * @throws not_found (with the prompt's `labels` when it has no such label), unavailable
 */
export function findInCache(
  workspaceId: string,
  name: string,
  selector: Selector,
): ResolvedVersion | Promise<ResolvedVersion> {
  const { resolutions, versions } = promptCache()
  const key = 'label' in selector ? `${name} ${selector.label}` : `${name} @${selector.version}`
  const resolution = resolutions.peek(workspaceId, key)
  const version = resolution === undefined ? undefined : versions.peek(workspaceId, resolution.versionId)
  if (resolution === undefined || version === undefined) return load(key, workspaceId, name, selector)
  resolutions.found()
  versions.found()
  return { resolution, version }
}

async function load(
  key: string,
  workspaceId: string,
  name: string,
  selector: Selector,
): Promise<ResolvedVersion> {
  const { resolutions, versions } = promptCache()
  let loaded: ResolvedVersion | undefined
  const resolution = await resolutions.get(workspaceId, key, async () => {
    const read = await readFound(workspaceId, name, selector)
    loaded = read.found
    return { value: read.found.resolution, revision: read.revision, tags: tagsOf(read.found, read.tags) }
  })
  if (loaded !== undefined) return loaded
  const version = versions.peek(workspaceId, resolution.versionId)
  if (version !== undefined) return { resolution, version }
  return findOnPrimary(workspaceId, name, selector)
}

/** The same past the cache, never older than any acknowledged change. */
export async function findOnPrimary(
  workspaceId: string,
  name: string,
  selector: Selector,
): Promise<ResolvedVersion> {
  return (await readFound(workspaceId, name, selector)).found
}

function tagsOf({ resolution: { prompt } }: ResolvedVersion, included: string[]): string[] {
  return [prompt.id, ...(prompt.category_id === null ? [] : [prompt.category_id]), ...included]
}

async function readFound(
  workspaceId: string,
  name: string,
  selector: Selector,
): Promise<{ found: ResolvedVersion; revision: number; tags: string[] }> {
  const { versions } = promptCache()
  return versions.reading(workspaceId, async (keep) => {
    const read = await onPrimary(({ pool }) =>
      readStoredPrompt(poolQuery(pool, 'prompts.read'), workspaceId, name, selector),
    )
    if (read.prompt?.archived === true) throw isArchived(name)
    const found = foundIn(read, name, selector, (id) => versions.peek(workspaceId, id))
    const { version } = found
    const { revision } = read
    if (versions.peek(workspaceId, version.stored.id) !== version)
      keep(version.stored.id, { value: version, revision, tags: [] })
    return { found, revision, tags: [...new Set(read.included.map((row) => row.prompt_id))] }
  })
}

/**
 * What a read of a prompt found.
 * @param known a version that is compiled already
 * @throws not_found
 */
export function foundIn(
  read: StoredRead,
  name: string,
  selector: Selector,
  known: (versionId: string) => CompiledVersion | undefined = () => undefined,
): ResolvedVersion {
  const { prompt, version } = read
  if (prompt === null) throw noPrompt(name)
  if (version === null) throw noVersion(prompt, selector)
  const rows = new Map(read.included.map((row) => [row.id, row]))
  const includes = read.includes.flatMap(({ version_id, ref, included_version_id }): Include[] => {
    const row = version_id === version.id ? rows.get(included_version_id) : undefined
    if (row === undefined) return []
    const { name, version: number, checksum, current } = row
    const newer = ref.includes('@') || current === number ? null : current
    return [{ ref, name, version: number, checksum, newer }]
  })
  return {
    resolution: {
      prompt,
      versionId: version.id,
      label: 'label' in selector ? selector.label : null,
      etag: etagOf(prompt),
      includes,
      included: read.included
        .map(({ name, version, checksum }) => ({ name, version, checksum }))
        .toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.version - b.version)),
    },
    version: known(version.id) ?? compileVersion(version, read),
  }
}
