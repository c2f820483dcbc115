import { readPrimary } from '../../db/read.ts'
import { EVERYTHING, RevisionCache } from '../../db/revision-cache.ts'
import { appError } from '../../errors.ts'
import { etagOf } from '../../etag.ts'
import { getRuntime, type Runtime } from '../../runtime.ts'
import { type CompiledVersion, compileVersion } from '../rendering/compiled-version.ts'
import type { Include, IncludedVersion } from '../schema.ts'
import { addCacheMetrics } from './cache-metrics.ts'
import { poolQuery, readStoredPrompt, type StoredPrompt, type StoredRead } from './stored-prompt.ts'

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
export interface Found {
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
  // What was missed may have been a redaction.
  feed.onReset((workspaceId) => {
    versions.clear(workspaceId)
    resolutions.clear(workspaceId)
  })
  addCacheMetrics(cache)
  return cache
}

/**
 * The version that a name or alias and a selector mean; at once when it is in memory. Serves on while the
 * database is away.
 * @throws not_found (with the prompt's `labels` when it has no such label), unavailable
 */
export function findInCache(workspaceId: string, name: string, selector: Selector): Found | Promise<Found> {
  const { resolutions, versions } = promptCache()
  const key = 'label' in selector ? `${name} ${selector.label}` : `${name} @${selector.version}`
  const resolution = resolutions.peek(workspaceId, key)
  const version = resolution === undefined ? undefined : versions.peek(workspaceId, resolution.versionId)
  return resolution !== undefined && version !== undefined
    ? { resolution, version }
    : load(key, workspaceId, name, selector)
}

async function load(key: string, workspaceId: string, name: string, selector: Selector): Promise<Found> {
  const { resolutions, versions } = promptCache()
  let loaded: Found | undefined
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
export async function findOnPrimary(workspaceId: string, name: string, selector: Selector): Promise<Found> {
  return (await readFound(workspaceId, name, selector)).found
}

function tagsOf({ resolution: { prompt } }: Found, included: string[]): string[] {
  return [prompt.id, ...(prompt.category_id === null ? [] : [prompt.category_id]), ...included]
}

async function readFound(
  workspaceId: string,
  name: string,
  selector: Selector,
): Promise<{ found: Found; revision: number; tags: string[] }> {
  const { versions } = promptCache()
  return versions.reading(workspaceId, async (keep) => {
    const read = await readPrimary(({ pool }) =>
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
): Found {
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

/** The error for a name that nothing has. */
export function noPrompt(name: string) {
  return appError('not_found', `There is no prompt "${name}".`)
}

/** The error for a prompt that is in the archive; `name` may be an alias of it. */
export function isArchived(name: string) {
  const message = `The prompt "${name}" is archived`
  return appError('not_found', `${message}. ${restoring(name)}`, {
    details: [{ path: ['name'], code: 'archived', message, hint: restoring(name) }],
    extra: { archived: true },
  })
}

/** How a prompt comes back from the archive, in words for people and agents. */
export function restoring(name: string): string {
  return `Restore it on its page, /prompts/${name}, or with PATCH /api/prompts/${name} {"archived": false} and the ETag that GET /api/prompts?archived=true lists.`
}

function noVersion(prompt: StoredPrompt, selector: Selector) {
  const { name, latest_version } = prompt
  if ('version' in selector)
    return appError(
      'not_found',
      `The prompt "${name}" has no version ${selector.version}; its newest is ${latest_version}.`,
      { extra: { latest_version } },
    )
  const labels = prompt.labels.map((state) => state.label)
  const has = labels.length === 0 ? 'It has no labels yet.' : `Its labels: ${labels.join(', ')}.`
  return appError('not_found', `The prompt "${name}" has no label "${selector.label}". ${has}`, {
    extra: { labels },
  })
}
