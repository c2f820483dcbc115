import type pg from 'pg'
import type { Reading } from '../../db/cached-read.ts'
import type { Json } from '../../liquid/json.ts'
import type { PublishedTool } from '../list-schema.ts'
import { LATEST } from '../name.ts'
import { readVariables } from '../variables/variables.ts'

export type PublishedList = 'prompts' | 'tools' | 'skills' | 'resources'

/** Which page of which list. */
export interface PublishedPageKey {
  list: PublishedList
  label: string
  /** Slug; null: every category. */
  category: string | null
  /** Name of the last entry of the page before. */
  after: string
  limit: number
  /** From this size on the rest comes with the next page. */
  bytes: number
}

/** The rows of a page, and whether others come after them. */
export interface PublishedRows {
  rows: PublishedRow[]
  hasMore: boolean
}

/** A version as a list shows it. */
export interface PublishedRow {
  name: string
  title: string
  description: string
  category: string | null
  variables: Json
  /** Whether it can be read as a skill; told by the list of resources alone. */
  skill: boolean
}

/** A row as an entry of the tools. */
export function toTool({ name, title, description, category, variables }: PublishedRow): PublishedTool {
  return { name, title, description, category, variables: readVariables(variables) }
}

const SHOWN: Record<PublishedList, string> = {
  prompts: 'AND v.publish_prompt',
  tools: 'AND v.publish_tool',
  skills: 'AND v.publish_skill',
  resources: '',
}

/** Lists that show some of the prompts, and how their versions are found first. */
const RARE: Partial<Record<PublishedList, 'publish_tool' | 'publish_skill'>> = {
  tools: 'publish_tool',
  skills: 'publish_skill',
}

/** With no more of them than this they are looked up first; else enough of them come in order of name. */
const FEW = 5000

const hasFewQuery = (flag: string) => `SELECT count(*) <= ${FEW} AS few FROM (
  SELECT FROM prompt_version WHERE workspace_id = $1 AND ${flag} LIMIT ${FEW + 1}) published`

const LABELLED = `JOIN prompt_label l ON l.workspace_id = p.workspace_id AND l.prompt_id = p.id AND l.label = $3
  JOIN prompt_version v ON v.workspace_id = l.workspace_id AND v.prompt_id = l.prompt_id AND v.number = l.version_number`

/** The limit says that there is one at most, which the condition does not tell PostgreSQL. */
const NEWEST = `JOIN LATERAL (SELECT title, description, variables, publish_prompt, publish_tool, publish_skill
  FROM prompt_version WHERE workspace_id = p.workspace_id AND prompt_id = p.id AND number = p.next_version - 1
  LIMIT 1) v ON true`

/**
 * The rows of a page in order of name, and how many there are up to one more than it may hold. Parts of the statement that
 * depend on the question are left out rather than made optional, and it has no name: PostgreSQL then plans
 * it for the label at hand, which may name every prompt or a handful.
 */
function statement({ list, label, category }: PublishedPageKey, first: string | undefined): string {
  const conditions = [
    category === null
      ? ''
      : 'AND p.category_id = (SELECT id FROM category WHERE workspace_id = $1 AND slug = $6)',
    first === undefined
      ? ''
      : `AND p.id = ANY (ARRAY(SELECT prompt_id FROM prompt_version WHERE workspace_id = $1 AND ${first}))`,
  ]
  const variables = list === 'resources' || list === 'skills' ? `'[]'::json` : 'v.variables'
  const skill = list === 'resources' ? 'v.publish_skill' : 'false'
  return `SELECT w.revision::float8 AS revision, (
    SELECT json_build_object('total', count(*), 'rows',
      coalesce(json_agg(json_build_object('name', page.name, 'title', page.title,
        'description', page.description, 'category', c.slug, 'variables', page.variables,
        'skill', page.skill) ORDER BY page.name)
        FILTER (WHERE page.before < $5::bigint), '[]'))
    FROM (
      SELECT *, sum(size) OVER (ORDER BY name) - size AS before FROM (
        SELECT p.workspace_id, p.category_id, p.name, v.title, v.description, ${variables} AS variables,
          ${skill} AS skill,
          100 + octet_length(v.title) + octet_length(v.description) + octet_length(${variables}::text) AS size
        FROM prompt_template p ${label === LATEST ? NEWEST : LABELLED}
        WHERE p.workspace_id = $1 AND p.archived_at IS NULL AND p.name > $2 ${SHOWN[list]} ${conditions.join(' ')}
        ORDER BY p.name LIMIT $4
      ) counted
    ) page
    LEFT JOIN category c ON c.workspace_id = page.workspace_id AND c.id = page.category_id
  ) AS page FROM workspace w WHERE w.id = $1 AND $3::text IS NOT NULL`
}

/** Reads a page and the revision it is of, in one snapshot. */
export async function readPublishedRows(
  pool: pg.Pool,
  workspaceId: string,
  key: PublishedPageKey,
): Promise<Reading<PublishedRows>> {
  const values = [workspaceId, key.after, key.label, key.limit + 1, key.bytes]
  const { rows } = await pool.query<{ revision: number; page: { total: number; rows: PublishedRow[] } }>(
    statement(key, await lookedUpFirst(pool, workspaceId, key.list)),
    key.category === null ? values : [...values, key.category],
  )
  const { page = { total: 0, rows: [] }, revision = 0 } = rows[0] ?? {}
  const shown = page.rows.slice(0, key.limit)
  return { value: { rows: shown, hasMore: shown.length < page.total }, revision }
}

async function lookedUpFirst(
  pool: pg.Pool,
  workspaceId: string,
  list: PublishedList,
): Promise<string | undefined> {
  const flag = RARE[list]
  if (flag === undefined) return undefined
  const { rows } = await pool.query<{ few: boolean }>(hasFewQuery(flag), [workspaceId])
  return rows[0]?.few === false ? undefined : flag
}

const TOOL = `SELECT w.revision::float8 AS revision, (
    SELECT row_to_json(found) FROM (
      SELECT p.id, p.name, v.title, v.description, c.slug AS category, v.variables, false AS skill
      FROM prompt_name n
      JOIN prompt_template p ON p.workspace_id = n.workspace_id AND p.id = n.prompt_id AND p.archived_at IS NULL
      JOIN prompt_version v ON v.workspace_id = p.workspace_id AND v.prompt_id = p.id AND v.publish_tool
        AND v.number = CASE WHEN $3::text = '${LATEST}' THEN p.next_version - 1
          ELSE (SELECT l.version_number FROM prompt_label l
            WHERE l.workspace_id = p.workspace_id AND l.prompt_id = p.id AND l.label = $3::text) END
      LEFT JOIN category c ON c.workspace_id = p.workspace_id AND c.id = p.category_id
      WHERE n.workspace_id = $1 AND n.name = $2
    ) found
  ) AS row
  FROM workspace w WHERE w.id = $1`

/** The tool of a name or alias; no row when the label's version is not published as one. */
export async function readPublishedTool(
  pool: pg.Pool,
  workspaceId: string,
  name: string,
  label: string,
): Promise<Reading<(PublishedRow & { id: string }) | null>> {
  const { rows } = await pool.query<{ revision: number; row: (PublishedRow & { id: string }) | null }>({
    name: 'prompts.published-tool',
    text: TOOL,
    values: [workspaceId, name, label],
  })
  return { value: rows[0]?.row ?? null, revision: rows[0]?.revision ?? 0 }
}

const SKILL = `SELECT w.revision::float8 AS revision, (
    SELECT row_to_json(found) FROM (
      SELECT p.id, p.name, c.slug AS category
      FROM prompt_template p
      JOIN prompt_version v ON v.workspace_id = p.workspace_id AND v.prompt_id = p.id AND v.publish_skill
        AND v.number = CASE WHEN $3::text = '${LATEST}' THEN p.next_version - 1
          ELSE (SELECT l.version_number FROM prompt_label l
            WHERE l.workspace_id = p.workspace_id AND l.prompt_id = p.id AND l.label = $3::text) END
      LEFT JOIN category c ON c.workspace_id = p.workspace_id AND c.id = p.category_id
      WHERE p.workspace_id = $1 AND rtrim(regexp_replace(p.name, '[-_]+', '-', 'g'), '-') = $2
        AND p.archived_at IS NULL
      ORDER BY p.name LIMIT 1
    ) found
  ) AS row
  FROM workspace w WHERE w.id = $1`

/** A prompt that is a skill. */
export interface SkillRow {
  id: string
  name: string
  category: string | null
}

/** The prompt that has a name as a skill; no row when the label's version is not published as one. */
export async function readSkillRow(
  pool: pg.Pool,
  workspaceId: string,
  skill: string,
  label: string,
): Promise<Reading<SkillRow | null>> {
  const { rows } = await pool.query<{ revision: number; row: SkillRow | null }>({
    name: 'prompts.skill',
    text: SKILL,
    values: [workspaceId, skill, label],
  })
  return { value: rows[0]?.row ?? null, revision: rows[0]?.revision ?? 0 }
}
