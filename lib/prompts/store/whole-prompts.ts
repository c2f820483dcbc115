import type { Actor } from '../../access/actor.ts'
import { LATEST } from '../name.ts'

/** Which prompts are read whole, and in which version. */
export interface ChosenPrompts {
  /** Names or aliases; undefined: all. */
  names?: readonly string[] | undefined
  /** Slug; null: without one. */
  category?: string | null | undefined
  /** Whoever is pinned to a label gets that one, whatever is asked for. */
  label: string
  /** Every version up to the newest one. */
  allVersions: boolean
}

/** The values $1 to $6 of the conditions below. */
export function chosenValues(
  actor: Actor,
  { names, category, label, allVersions }: ChosenPrompts,
): unknown[] {
  return [
    actor.workspaceId,
    names ?? null,
    category === null ? 'none' : (category ?? null),
    actor.label ?? label,
    actor.label,
    allVersions,
  ]
}

/** Whether a prompt `t` of the workspace was chosen. */
export const CHOSEN = `t.archived_at IS NULL
  AND ($2::text[] IS NULL OR t.id IN (
    SELECT n.prompt_id FROM prompt_name n WHERE n.workspace_id = $1::uuid AND n.name = ANY ($2::text[])))
  AND ($3::text IS NULL OR CASE WHEN $3::text = 'none' THEN t.category_id IS NULL ELSE t.category_id = (
    SELECT c.id FROM category c WHERE c.workspace_id = $1::uuid AND c.slug = $3::text) END)
  AND ($4::text = '${LATEST}' OR EXISTS (SELECT FROM prompt_label l
    WHERE l.workspace_id = $1::uuid AND l.prompt_id = t.id AND l.label = $4::text))`

/** Whether the label names a version `v` of the prompt `t`. */
export const IS_LABELLED = `v.number = CASE WHEN $4::text = '${LATEST}' THEN t.next_version - 1
    ELSE (SELECT l.version_number FROM prompt_label l
      WHERE l.workspace_id = $1::uuid AND l.prompt_id = t.id AND l.label = $4::text) END`

/** Whether a version `v` of a chosen prompt `t` was asked for. */
export const IS_ASKED = `(($6::boolean AND $5::text IS NULL) OR ${IS_LABELLED})`

/** Of a prompt `t` those of its versions `v` that were asked for. */
export const ASKED = `FROM prompt_version v WHERE v.workspace_id = $1::uuid AND v.prompt_id = t.id AND ${IS_ASKED}`

/** What is read of a prompt `t`. */
export const WHOLE_PROMPT = `t.id, t.name,
    (SELECT c.slug FROM category c WHERE c.workspace_id = $1::uuid AND c.id = t.category_id) AS category,
    t.tags, coalesce((SELECT json_agg(n.name ORDER BY n.name) FROM prompt_name n
      WHERE n.workspace_id = $1::uuid AND n.prompt_id = t.id AND n.is_alias), '[]') AS aliases`

/** What is read of a version `v` before its texts. */
export const WHOLE_VERSION = `json_build_object('number', v.number,
  'bytes', octet_length(v.content) + octet_length(v.variables::text) + octet_length(v.config::text),
  'labels', (SELECT coalesce(json_agg(l.label ORDER BY l.label), '[]') FROM prompt_label l
    WHERE l.workspace_id = v.workspace_id AND l.prompt_id = v.prompt_id AND l.version_number = v.number
      AND ($5::text IS NULL OR l.label = $5::text)))`
