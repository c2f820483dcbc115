import type pg from 'pg'
import type { Tx } from '../../db/client.ts'
import { actorJson, isoTime } from '../../db/columns.ts'
import type { Json } from '../../liquid/json.ts'
import type { Publish } from '../schema.ts'

/** Runs one SELECT, on the pool or inside a transaction. */
export type Query = <Row>(sql: string, values: unknown[]) => Promise<Row[]>

/** On the pool; a statement with a name is planned once a connection. */
export function poolQuery(pool: pg.Pool, name?: string): Query {
  return async <Row>(text: string, values: unknown[]) => {
    const { rows } = await pool.query(name === undefined ? { text, values } : { name, text, values })
    // The columns are named by the statement of the caller, who knows their types.
    return rows as Row[]
  }
}

/** Inside the transaction: it sees what the transaction wrote. */
export function transactionQuery(tx: Tx): Query {
  return <Row>(sql: string, values: unknown[]) => tx.$queryRawUnsafe<Row[]>(sql, ...values)
}

/** The prompt, its names and its labels; times are ISO texts. */
export interface StoredPrompt {
  id: string
  name: string
  category: string | null
  category_id: string | null
  tags: string[]
  aliases: string[]
  labels: { label: string; version: number; updated_at: string }[]
  archived: boolean
  revision: number
  latest_version: number
  created_at: string
  updated_at: string
}

export interface StoredVersion {
  id: string
  version: number
  kind: 'text' | 'chat'
  content: string
  variables: Json
  config: { [key: string]: Json }
  title: string
  description: string
  publish: Publish
  message: string
  checksum: string
  checksum_v: number
  renderer_version: string
  author: { id: string; kind: string; display: string }
  created_at: string
  redacted_at: string | null
}

/** One reference in a text, and the version that it was pinned to. */
export interface StoredInclude {
  version_id: string
  ref: string
  included_version_id: string
}

/** A version that is included, directly or not. */
export interface StoredIncluded {
  id: string
  prompt_id: string
  name: string
  version: number
  kind: 'text' | 'chat'
  content: string
  variables: Json
  checksum: string
  redacted: boolean
  /** The version that an unpinned reference would mean now; null while the prompt is archived. */
  current: number | null
}

/** What one read of a prompt by name and selector finds, all of one snapshot. */
export interface StoredRead {
  /** Revision of the workspace that was read. */
  revision: number
  prompt: StoredPrompt | null
  version: StoredVersion | null
  includes: StoredInclude[]
  included: StoredIncluded[]
}

const PROMPT = `json_build_object('id', p.id, 'name', p.name, 'category_id', p.category_id,
  'category', (SELECT c.slug FROM category c WHERE c.workspace_id = p.workspace_id AND c.id = p.category_id),
  'tags', p.tags, 'archived', p.archived_at IS NOT NULL, 'revision', p.revision,
  'latest_version', p.next_version - 1, 'created_at', ${isoTime('p.created_at')}, 'updated_at', ${isoTime('p.updated_at')},
  'aliases', (SELECT coalesce(json_agg(a.name ORDER BY a.name), '[]') FROM prompt_name a
    WHERE a.workspace_id = p.workspace_id AND a.prompt_id = p.id AND a.is_alias),
  'labels', (SELECT coalesce(json_agg(json_build_object('label', l.label, 'version', l.version_number,
      'updated_at', ${isoTime('l.updated_at')}) ORDER BY l.label), '[]') FROM prompt_label l
    WHERE l.workspace_id = p.workspace_id AND l.prompt_id = p.id))`

const VERSION = `json_build_object('id', v.id, 'version', v.number, 'kind', v.kind, 'content', v.content,
  'variables', v.variables, 'config', v.config, 'title', v.title, 'description', v.description,
  'publish', json_build_object('prompt', v.publish_prompt, 'tool', v.publish_tool,
      'skill', v.publish_skill), 'message', v.message,
  'checksum', v.checksum, 'checksum_v', v.checksum_v, 'renderer_version', v.renderer_version,
  'author', (SELECT ${actorJson('a')} FROM actor a
    WHERE a.workspace_id = v.workspace_id AND a.id = v.created_by),
  'created_at', ${isoTime('v.created_at')}, 'redacted_at', ${isoTime('v.redacted_at')})`

/** Versions among `holder(id)` and all they include; `edge` holds the references written in their texts. */
const INCLUDES = `holder_closure AS (
    SELECT id FROM holder
    UNION SELECT i.included_version_id FROM holder
      JOIN version_include i ON i.workspace_id = $1::uuid AND i.version_id = holder.id
  ), edge AS (
    SELECT i.version_id, i.ref, i.included_version_id FROM holder_closure h
    JOIN version_include i ON i.workspace_id = $1::uuid AND i.version_id = h.id AND i.depth = 1
  ), included_one AS (
    SELECT m.id, m.prompt_id, t.name, m.number AS version, m.kind, m.content, m.variables, m.checksum,
      m.redacted_at IS NOT NULL AS redacted,
      CASE WHEN t.archived_at IS NULL THEN coalesce(l.version_number, t.next_version - 1) END AS current
    FROM holder_closure h
    JOIN prompt_version m ON m.workspace_id = $1::uuid AND m.id = h.id
    JOIN prompt_template t ON t.workspace_id = $1::uuid AND t.id = m.prompt_id
    LEFT JOIN prompt_label l ON l.workspace_id = $1::uuid AND l.prompt_id = t.id AND l.label = 'production'
  )`

const EDGES = `(SELECT coalesce(json_agg(edge ORDER BY edge.version_id, edge.ref), '[]') FROM edge)`

const READ = `WITH p AS MATERIALIZED (
    SELECT t.* FROM prompt_name n
    JOIN prompt_template t ON t.workspace_id = n.workspace_id AND t.id = n.prompt_id
    WHERE n.workspace_id = $1::uuid AND n.name = $2::text
  ), v AS MATERIALIZED (
    SELECT r.* FROM p JOIN prompt_version r ON r.workspace_id = p.workspace_id AND r.prompt_id = p.id
      AND r.number = CASE
        WHEN $4::integer IS NOT NULL THEN $4::integer
        WHEN $3::text = 'latest' THEN p.next_version - 1
        ELSE (SELECT l.version_number FROM prompt_label l
          WHERE l.workspace_id = p.workspace_id AND l.prompt_id = p.id AND l.label = $3::text) END
  ), holder AS (SELECT id FROM v), ${INCLUDES}
  SELECT json_build_object('revision', w.revision,
    'prompt', (SELECT ${PROMPT} FROM p), 'version', (SELECT ${VERSION} FROM v), 'includes', ${EDGES},
    'included', (SELECT coalesce(json_agg(included_one), '[]') FROM included_one WHERE included_one.id NOT IN (SELECT id FROM v))) AS found
  FROM workspace w WHERE w.id = $1::uuid`

/** One prompt by name or alias, with the version that the label or number names, in one round trip. */
export async function readStoredPrompt(
  query: Query,
  workspaceId: string,
  name: string,
  selector: { label: string } | { version: number },
): Promise<StoredRead> {
  const label = 'label' in selector ? selector.label : null
  const version = 'version' in selector ? selector.version : null
  const [row] = await query<{ found: StoredRead }>(READ, [workspaceId, name, label, version])
  return row?.found ?? { revision: 0, prompt: null, version: null, includes: [], included: [] }
}

const MEMBERS = `WITH holder AS (SELECT unnest($2::uuid[]) AS id), ${INCLUDES}
  SELECT ${EDGES} AS includes, (SELECT coalesce(json_agg(included_one), '[]') FROM included_one) AS included`

/** Versions by id with everything they include. */
export async function readIncluded(
  query: Query,
  workspaceId: string,
  versionIds: string[],
): Promise<Pick<StoredRead, 'includes' | 'included'>> {
  const [row] = await query<Pick<StoredRead, 'includes' | 'included'>>(MEMBERS, [workspaceId, versionIds])
  return row ?? { includes: [], included: [] }
}
