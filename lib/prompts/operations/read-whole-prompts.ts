import type { Actor } from '../../access/actor.ts'
import { onPrimary } from '../../db/read.ts'
import type { Json } from '../../liquid/json.ts'
import type { Variable } from '../../liquid/variable.ts'
import { operation } from '../../telemetry/operation.ts'
import type { PromptContent } from '../content/content.ts'
import { LATEST } from '../name.ts'
import { assertMay } from '../policy.ts'
import { readContent } from '../render/compiled-version.ts'
import type { Publish } from '../schema.ts'
import { poolQuery } from '../store/stored-prompt.ts'
import { readVariables } from '../variables/variables.ts'

/** Which prompts, and in which version. */
export interface WholePromptsInput {
  /** Names or aliases; undefined: all. */
  names?: readonly string[] | undefined
  /** Slug; null: without one. */
  category?: string | null | undefined
  /** Whoever is pinned to a label gets that one, whatever is asked for. */
  label: string
  /** Every version up to the newest one. */
  allVersions: boolean
  /** Id of the last prompt that was read. */
  after?: string | undefined
  /** Prompts at a time. */
  limit: number
}

/** A version with all that it says itself. */
export interface WholeVersion {
  promptId: string
  number: number
  content: PromptContent
  variables: Variable[]
  config: { [key: string]: Json }
  title: string
  description: string
  publish: Publish
  message: string
  checksum: string
}

/** A prompt, and which of its versions were asked for, the newest last. */
export interface WholePrompt {
  id: string
  name: string
  category: string | null
  tags: string[]
  aliases: string[]
  versions: {
    number: number
    /** Of its text and what is declared beside it. */
    bytes: number
    labels: string[]
  }[]
  /** Numbers of versions that were asked for, and say nothing any more. */
  redacted: number[]
}

interface Row extends Omit<WholeVersion, 'content' | 'variables'> {
  kind: 'text' | 'chat'
  content: string
  variables: Json
}

const CHOSEN = `t.workspace_id = $1::uuid AND t.archived_at IS NULL
  AND ($2::text[] IS NULL OR t.id IN (
    SELECT n.prompt_id FROM prompt_name n WHERE n.workspace_id = $1::uuid AND n.name = ANY ($2::text[])))
  AND ($3::text IS NULL OR CASE WHEN $3::text = 'none' THEN t.category_id IS NULL ELSE t.category_id = (
    SELECT c.id FROM category c WHERE c.workspace_id = $1::uuid AND c.slug = $3::text) END)
  AND ($4::text = '${LATEST}' OR EXISTS (SELECT FROM prompt_label l
    WHERE l.workspace_id = $1::uuid AND l.prompt_id = t.id AND l.label = $4::text))`

const NAMED = `SELECT n.name FROM prompt_name n JOIN prompt_template t ON t.workspace_id = n.workspace_id AND t.id = n.prompt_id
  WHERE n.workspace_id = $1::uuid AND n.name = ANY ($2::text[]) AND ${CHOSEN}`

const VERSION = `json_build_object('number', v.number,
  'bytes', octet_length(v.content) + octet_length(v.variables::text) + octet_length(v.config::text),
  'labels', (SELECT coalesce(json_agg(l.label ORDER BY l.label), '[]') FROM prompt_label l
    WHERE l.workspace_id = v.workspace_id AND l.prompt_id = v.prompt_id AND l.version_number = v.number
      AND ($5::text IS NULL OR l.label = $5::text)))`

/** Of a prompt `t` those of its versions `v` that were asked for. */
const ASKED = `FROM prompt_version v WHERE v.workspace_id = $1::uuid AND v.prompt_id = t.id
  AND (($6::boolean AND $5::text IS NULL) OR v.number = CASE WHEN $4::text = '${LATEST}' THEN t.next_version - 1
    ELSE (SELECT l.version_number FROM prompt_label l
      WHERE l.workspace_id = $1::uuid AND l.prompt_id = t.id AND l.label = $4::text) END)`

const READ = `SELECT t.id, t.name, (SELECT c.slug FROM category c WHERE c.workspace_id = $1::uuid AND c.id = t.category_id) AS category,
    t.tags, coalesce((SELECT json_agg(n.name ORDER BY n.name) FROM prompt_name n
      WHERE n.workspace_id = $1::uuid AND n.prompt_id = t.id AND n.is_alias), '[]') AS aliases,
    coalesce((SELECT json_agg(${VERSION} ORDER BY v.number) ${ASKED} AND v.redacted_at IS NULL), '[]') AS versions,
    coalesce((SELECT json_agg(v.number ORDER BY v.number) ${ASKED} AND v.redacted_at IS NOT NULL), '[]') AS redacted
  FROM prompt_template t
  WHERE ${CHOSEN} AND ($7::uuid IS NULL OR t.id > $7::uuid) ORDER BY t.id LIMIT $8::integer`

/**
 * Reads prompts without their texts, some at a time, in the order of their ids: `readWholeVersions` has the texts.
 * @returns an empty list: there are no more
 * @throws forbidden, unavailable
 */
export const readWholePrompts = operation('readWholePrompts', run)

async function run(actor: Actor, input: WholePromptsInput): Promise<WholePrompt[]> {
  assertMay(actor, 'read')
  const { names, category, allVersions, after, limit } = input
  return onPrimary(({ pool }) =>
    poolQuery(pool, 'prompts.whole')<WholePrompt>(READ, [
      actor.workspaceId,
      names ?? null,
      category === null ? 'none' : (category ?? null),
      actor.label ?? input.label,
      actor.label,
      allVersions,
      after ?? null,
      limit,
    ]),
  )
}

/** Whoever is pinned to a label reads the version that it names. */
const VERSIONS = `SELECT v.prompt_id AS "promptId", v.number, v.kind, v.content, v.variables, v.config, v.title, v.description,
    v.message, v.checksum, json_build_object('prompt', v.publish_prompt, 'tool', v.publish_tool, 'skill', v.publish_skill) AS publish
  FROM unnest($2::uuid[], $3::integer[]) WITH ORDINALITY AS w (prompt_id, number, place)
  JOIN prompt_version v ON v.workspace_id = $1::uuid AND v.prompt_id = w.prompt_id AND v.number = w.number
  JOIN prompt_template t ON t.workspace_id = $1::uuid AND t.id = v.prompt_id
  WHERE v.redacted_at IS NULL AND ($4::text IS NULL OR v.number = CASE WHEN $4::text = '${LATEST}' THEN t.next_version - 1
    ELSE (SELECT l.version_number FROM prompt_label l
      WHERE l.workspace_id = $1::uuid AND l.prompt_id = t.id AND l.label = $4::text) END)
  ORDER BY w.place`

/**
 * Reads versions with their texts, in the order in which they are asked for. One that was redacted, or that the actor
 * may not see, is left out. All of them are in memory at once: ask for few.
 * @throws forbidden, unavailable
 */
export const readWholeVersions = operation('readWholeVersions', versions)

async function versions(
  actor: Actor,
  { wanted }: { wanted: readonly { promptId: string; number: number }[] },
): Promise<WholeVersion[]> {
  assertMay(actor, 'read')
  const rows = await onPrimary(({ pool }) =>
    poolQuery(pool, 'prompts.whole_versions')<Row>(VERSIONS, [
      actor.workspaceId,
      wanted.map(({ promptId }) => promptId),
      wanted.map(({ number }) => number),
      actor.label,
    ]),
  )
  return rows.map(({ kind, content, variables, ...version }) => ({
    ...version,
    content: readContent(kind, content),
    variables: readVariables(variables),
  }))
}

/**
 * The names and aliases that no prompt has of those that `readWholePrompts` would read.
 * @throws forbidden, unavailable
 */
export const findMissingNames = operation('findMissingNames', missing)

async function missing(
  actor: Actor,
  { names, category, label }: Pick<WholePromptsInput, 'category' | 'label'> & { names: readonly string[] },
): Promise<string[]> {
  assertMay(actor, 'read')
  const rows = await onPrimary(({ pool }) =>
    poolQuery(pool, 'prompts.whole_names')<{ name: string }>(NAMED, [
      actor.workspaceId,
      names,
      category === null ? 'none' : (category ?? null),
      actor.label ?? label,
    ]),
  )
  const found = new Set(rows.map(({ name }) => name))
  return names.filter((name) => !found.has(name))
}
