import type pg from 'pg'
import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import { type CursorKey, type CursorScope, decodeCursor, encodeCursor, Position } from '../../cursor.ts'
import { readReplica } from '../../db/read.ts'
import { etagOf } from '../../etag.ts'
import type { Page } from '../../page.ts'
import { pageSize } from '../../page-size.ts'
import { operation } from '../../telemetry/operation.ts'
import { LATEST } from '../name.ts'
import { assertMay, assertMaySeeUsage } from '../policy.ts'
import type { ListPromptsQuery, PromptPage, PromptSummary } from '../schema.ts'
import { closestWords } from '../store/closest.ts'
import {
  closestStatement,
  listStatement,
  type PromptListRequest,
  type PromptSort,
} from '../store/list-query.ts'
import { isCommonStatement, isFiltered } from '../store/list-search.ts'
import { readSearchText } from '../store/search-text.ts'

const NameKey = z.tuple([z.string().max(64)])
const ScoreKey = z.tuple([z.number(), z.string().max(64)])

const NOTHING: Page<PromptSummary> = { items: [], next_cursor: null }

/**
 * A page of prompts, each with its newest version (an actor pinned to a label sees the version of its
 * label). `q` is text; without a letter or digit in it nothing is found. By relevance, a search ranks at
 * most 1,000 matches. The items of a search always have all of its words; where none has, `closest` holds
 * those that come closest.
 * @throws invalid_input (cursor, limit), forbidden, unavailable
 */
export const listPrompts = operation('listPrompts', run)

async function run(actor: Actor, input: ListPromptsQuery): Promise<PromptPage> {
  assertMay(actor, 'read')
  if (input.usage === 'true') assertMaySeeUsage(actor)
  const limit = pageSize(input.limit)
  const q = input.q?.trim() ?? ''
  const search = q === '' ? undefined : readSearchText(q)
  const sort = sortOf(input.sort, q)
  const { category, tag } = input
  // Every prompt has a newest version; an actor that is pinned to a label sees it by that label alone.
  const label = input.label === LATEST && actor.label === null ? undefined : input.label
  const archived = input.archived === 'true'
  const scope = { list: 'prompts', sort, filters: { q, category, tag, label, archived, pin: actor.label } }
  const after = readPosition(scope, sort, input.cursor)
  if (q !== '' && search === undefined) return NOTHING
  if (actor.label !== null && label !== undefined && label !== actor.label) return NOTHING
  return readReplica(actor, async (pool) => {
    const categoryId = await findCategoryId(pool, actor.workspaceId, category)
    if (category !== undefined && categoryId === undefined) return NOTHING
    const { workspaceId, label: pin } = actor
    const filters = { categoryId, tag, label, pin, archived }
    const usage = input.usage === 'true'
    const request = { workspaceId, search, isCommon: false, ...filters, sort, after, limit, usage }
    request.isCommon = await hasCommonWords(pool, request)
    const rows = await readRows(pool, request)
    if (rows.length === 0 && sort === 'relevance' && after === undefined) return nearly(pool, request, q)
    const last = rows.length > limit ? rows[limit - 1] : undefined
    return {
      items: rows.slice(0, limit).map(toSummary),
      next_cursor: last === undefined ? null : encodeCursor(scope, positionOf(sort, last)),
    }
  })
}

function sortOf(sort: PromptSort | undefined, q: string): PromptSort {
  if (q === '') return sort === undefined || sort === 'relevance' ? 'name' : sort
  return sort ?? 'relevance'
}

function readPosition(scope: CursorScope, sort: PromptSort, cursor: string | undefined) {
  if (sort === 'relevance') return decodeCursor(scope, ScoreKey, cursor)
  return sort === 'name' || sort === '-name'
    ? decodeCursor(scope, NameKey, cursor)
    : decodeCursor(scope, Position, cursor)
}

function positionOf(sort: PromptSort, row: Row): CursorKey {
  if (sort === 'relevance') return [row.score, row.name]
  if (sort === 'name' || sort === '-name') return [row.name]
  return [sort.endsWith('updated_at') ? row.updated_at : row.created_at, row.id]
}

/** undefined: no filter, or no such category; null: those without one. */
async function findCategoryId(
  pool: pg.Pool,
  workspaceId: string,
  slug: string | undefined,
): Promise<string | null | undefined> {
  if (slug === undefined) return undefined
  if (slug === 'none') return null
  const { rows } = await pool.query<{ id: string }>({
    name: 'prompts.list-category',
    text: 'SELECT id FROM category WHERE workspace_id = $1 AND slug = $2',
    values: [workspaceId, slug],
  })
  return rows[0]?.id
}

/** By relevance alone it does not matter how many prompts have the words. */
async function hasCommonWords(pool: pg.Pool, request: PromptListRequest): Promise<boolean> {
  const { workspaceId, search, sort } = request
  if (search === undefined || (sort === 'relevance' && !isFiltered(request))) return false
  const { rows } = await pool.query<{ common: boolean }>(isCommonStatement(workspaceId, search))
  return rows[0]?.common ?? false
}

/** The empty page of a search, with what comes closest to it. */
async function nearly(pool: pg.Pool, request: PromptListRequest, q: string): Promise<PromptPage> {
  const { rows } = await pool.query<Row>(closestStatement(request, closestWords(q)))
  return rows.length === 0 ? NOTHING : { ...NOTHING, closest: rows.map(toSummary) }
}

type Row = Omit<PromptSummary, 'etag'> & { revision: number; score: number | null }

async function readRows(pool: pg.Pool, request: PromptListRequest): Promise<Row[]> {
  return (await pool.query<Row>(listStatement(request))).rows
}

function toSummary(row: Row): PromptSummary {
  const { revision, score: _score, ...summary } = row
  return { ...summary, etag: etagOf({ id: summary.id, revision }) }
}
