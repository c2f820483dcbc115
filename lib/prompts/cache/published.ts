import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import { decodeCursor, encodeCursor } from '../../cursor.ts'
import type { ListScope } from '../../db/changes/notice.ts'
import { onPrimary } from '../../db/read.ts'
import { RevisionCache } from '../../db/revision-cache.ts'
import { appError } from '../../errors.ts'
import { showCache } from '../../held-metrics.ts'
import { getRuntime, type Runtime } from '../../runtime.ts'
import type { PublishedPage, PublishedQuery } from '../list-schema.ts'
import { PRODUCTION } from '../name.ts'
import { assertMay } from '../policy.ts'
import {
  type PublishedList,
  type PublishedPageKey,
  type PublishedRow,
  readPublishedRows,
  readPublishedTool,
  readSkillRow,
  type SkillRow,
} from '../store/published-rows.ts'

/*
 * What agents list. Pages and looked-up tools are kept until a change says that the list looks different
 * for their label and category; other changes leave them alone, and they outlive the database.
 */

/** Pages of all lists together; the cursors and limits that callers choose cannot grow it. */
const MAX_ENTRIES = 5000

type Cached = { bytes: number } & ({ page: PublishedPage<unknown> } | { tool: unknown } | { skill: SkillRow })

function cache(): RevisionCache<Cached> {
  return getRuntime().once('prompts.published', createCache)
}

function createCache({ config, feed }: Runtime): RevisionCache<Cached> {
  const kept = new RevisionCache<Cached>({
    maxEntries: MAX_ENTRIES,
    maxBytes: Math.ceil(config.limits.cache_bytes / 4),
    sizeOf: ({ bytes }) => bytes,
  })
  feed.onChange(({ workspace_id, revision, lists, targets, knows_skills }) => {
    const scopes = lists.flatMap(touchedTags)
    // A name that leads to a tool may be an alias, which no list shows.
    const ids = targets.filter((target) => target.kind === 'prompt').map((target) => target.id)
    // A version beside us that knows no skills does not tell when one comes or goes.
    const skills = ids.length > 0 && knows_skills !== true ? [SKILLS] : []
    kept.touch(workspace_id, [...scopes, ...ids, ...skills], revision)
  })
  feed.onReset((workspaceId) => kept.clear(workspaceId))
  showCache('prompts.published', kept)
  return kept
}

/** Skills are listed among the resources as well, which tells of their changes. */
const TOLD_OF: Record<PublishedList, ListScope['list']> = {
  prompts: 'prompts',
  tools: 'tools',
  skills: 'resources',
  resources: 'resources',
}

const ANY = '*'
/** Every page of skills. */
const SKILLS = 'skills'
const tag = (list: string, label: string, category: string) => `${list} ${label} ${category}`

/** A page depends on its own label and on changes to all labels; in its category or in all. */
function pageTags({
  list,
  label,
  category,
}: Pick<PublishedPageKey, 'list' | 'label' | 'category'>): string[] {
  const place = category ?? ANY
  const told = TOLD_OF[list]
  return [tag(told, label, place), tag(told, ANY, place), ...(list === 'skills' ? [SKILLS] : [])]
}

function touchedTags({ list, label, category }: ListScope): string[] {
  const places = category === null ? [ANY] : [ANY, category]
  return places.map((place) => tag(list, label ?? ANY, place))
}

const After = z.tuple([z.string().max(64)])

/**
 * A page of a published list, the same frozen object until the list changes.
 * @throws forbidden, invalid_input (cursor, limit), unavailable when the page is not in memory
 */
export async function publishedPage<Item>(
  actor: Actor,
  list: PublishedList,
  query: PublishedQuery,
  toItem: (row: PublishedRow) => Item,
): Promise<PublishedPage<Item>> {
  assertMay(actor, 'read')
  const label = readableLabel(actor, query.label)
  if (label === undefined) return NOTHING
  const category = query.category ?? null
  const scope = { list, filters: { label, category } }
  const limit = pageSize(query.limit)
  const after = query.cursor === undefined ? '' : (decodeCursor(scope, After, query.cursor)?.[0] ?? '')
  const { page_bytes: bytes } = getRuntime().config.mcp
  const key: PublishedPageKey = { list, label, category, after, limit, bytes }
  const entry = await cache().get(actor.workspaceId, JSON.stringify(key), async () => {
    const { value, revision } = await onPrimary(({ pool }) => readPublishedRows(pool, actor.workspaceId, key))
    const items = value.rows.map(toItem)
    const last = value.hasMore ? value.rows.at(-1) : undefined
    const next_cursor = last === undefined ? null : encodeCursor(scope, [last.name])
    const page = freeze({ items, next_cursor })
    return { value: { page, bytes: sizeOf(page) }, revision, tags: pageTags(key) }
  })
  // Kept under a key that names the list, by this function alone.
  return (entry as { page: PublishedPage<Item> }).page
}

/**
 * The entry of a published tool, by name or alias; undefined when there is none. Misses are read each time.
 * @throws forbidden, unavailable
 */
export async function publishedTool<Item extends { category: string | null }>(
  actor: Actor,
  query: { name: string; label?: string | null; category?: string | null },
  toItem: (row: PublishedRow) => Item,
): Promise<Item | undefined> {
  assertMay(actor, 'read')
  const label = readableLabel(actor, query.label)
  if (label === undefined) return undefined
  const { workspaceId } = actor
  const entry = await cache().get(workspaceId, `tool ${label} ${query.name}`, async () => {
    const { value: row, revision } = await onPrimary(({ pool }) =>
      readPublishedTool(pool, workspaceId, query.name, label),
    )
    if (row === null) return { value: { tool: undefined, bytes: 0 }, revision: null, tags: [] }
    const { id, ...shown } = row
    const tool = freeze(toItem(shown))
    const scope = { list: 'tools', label, category: null } as const
    return { value: { tool, bytes: sizeOf(tool) }, revision, tags: [id, ...pageTags(scope)] }
  })
  // Kept under a key that names the kind, by this function alone.
  const { tool } = entry as { tool: Item | undefined }
  return tool !== undefined && (query.category ?? tool.category) === tool.category ? tool : undefined
}

/**
 * The prompt that has a name as a skill; undefined when there is none. Misses are read each time.
 * @throws forbidden, unavailable
 */
export async function publishedSkill(
  actor: Actor,
  { skill, ...query }: { skill: string; label?: string | null; category?: string | null },
): Promise<(SkillRow & { label: string }) | undefined> {
  assertMay(actor, 'read')
  const label = readableLabel(actor, query.label)
  if (label === undefined) return undefined
  const { workspaceId } = actor
  const read = async () => {
    const found = await onPrimary(({ pool }) => readSkillRow(pool, workspaceId, skill, label))
    if (found.value === null) throw appError('not_found', 'There is no skill of that name.')
    const tags = [found.value.id, ...pageTags({ list: 'skills', label, category: null })]
    return { value: { skill: found.value, bytes: 300 }, revision: found.revision, tags }
  }
  // Kept under a key that names the kind, by this function alone.
  const entry = (await cache().get(workspaceId, `skill ${label} ${skill}`, read)) as { skill: SkillRow }
  const row = entry.skill
  return (query.category ?? row.category) === row.category ? { ...row, label } : undefined
}

const NOTHING: PublishedPage<never> = freeze({ items: [], next_cursor: null })

/** The label to list by; undefined when the actor is pinned to another one. */
function readableLabel(actor: Actor, label: string | null | undefined): string | undefined {
  if (actor.label === null) return label ?? PRODUCTION
  return (label ?? actor.label) === actor.label ? actor.label : undefined
}

function pageSize(limit: number | undefined): number {
  const { limits, mcp } = getRuntime().config
  if (limit === undefined) return mcp.page_size
  if (Number.isInteger(limit) && limit >= 1 && limit <= limits.page_size_max) return limit
  const key = 'limits.page_size_max'
  const message = `A page has 1 to ${limits.page_size_max} items (${key}).`
  throw appError('invalid_input', message, {
    details: [{ path: ['limit'], code: 'invalid_limit', message }],
    extra: { limit: key },
  })
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const part of Object.values(value)) freeze(part)
  }
  return value
}

/** An object takes some three times its JSON. */
function sizeOf(value: unknown): number {
  return 3 * JSON.stringify(value).length + 200
}
