import type { Actor } from '../../access/actor.ts'
import { onPrimary } from '../../db/read.ts'
import { operation } from '../../telemetry/operation.ts'
import { LATEST, PRODUCTION } from '../name.ts'
import { assertMay } from '../policy.ts'
import { poolQuery } from '../store/stored-prompt.ts'
import {
  ASKED,
  CHOSEN,
  type ChosenPrompts,
  chosenValues,
  IS_ASKED,
  IS_LABELLED,
  WHOLE_PROMPT,
  WHOLE_VERSION,
} from '../store/whole-prompts.ts'
import type { WholePrompt } from './read-whole-prompts.ts'

/** Versions that chosen prompts need besides those that were asked for. */
export interface IncludedVersions extends Pick<WholePrompt, 'versions' | 'redacted'> {
  id: string
  /** The prompt was chosen itself. */
  isChosen: boolean
}

/** The version of a prompt that comes along: that of the label, else what an include means, which names none. */
const CURRENT = `v.number = coalesce(
  CASE WHEN $4::text = '${LATEST}' THEN t.next_version - 1 END,
  (SELECT l.version_number FROM prompt_label l
    WHERE l.workspace_id = $1::uuid AND l.prompt_id = t.id AND l.label = $4::text),
  (SELECT l.version_number FROM prompt_label l
    WHERE l.workspace_id = $1::uuid AND l.prompt_id = t.id AND l.label = '${PRODUCTION}'),
  t.next_version - 1)`

/** Versions that were asked for, all that they include, and how those prompts are now. */
const NEEDED = `RECURSIVE needed (version_id) AS (
    SELECT v.id FROM prompt_template t CROSS JOIN LATERAL (SELECT v.id ${ASKED}) v
    WHERE t.workspace_id = $1::uuid AND ${CHOSEN}
    UNION
    SELECT v.id FROM needed n
    JOIN version_include i ON i.workspace_id = $1::uuid AND i.version_id = n.version_id AND i.depth = 1
    JOIN prompt_template t ON t.workspace_id = $1::uuid AND t.id = i.included_prompt_id
    JOIN prompt_version v ON v.workspace_id = $1::uuid AND v.prompt_id = t.id
      AND CASE WHEN $5::text IS NULL THEN $6::boolean OR v.id = i.included_version_id OR ${CURRENT} ELSE t.archived_at IS NULL AND ${IS_LABELLED} END
  ), besides AS (
    SELECT t.id, v.id AS version_id, (${CHOSEN}) AS is_chosen FROM needed n
    JOIN prompt_version v ON v.workspace_id = $1::uuid AND v.id = n.version_id
    JOIN prompt_template t ON t.workspace_id = $1::uuid AND t.id = v.prompt_id
    WHERE NOT ((${CHOSEN}) AND ${IS_ASKED})
  )`

const READ = `WITH ${NEEDED}
  SELECT b.id, b.is_chosen AS "isChosen",
    coalesce(json_agg(${WHOLE_VERSION} ORDER BY v.number) FILTER (WHERE v.redacted_at IS NULL), '[]') AS versions,
    coalesce(json_agg(v.number ORDER BY v.number) FILTER (WHERE v.redacted_at IS NOT NULL), '[]') AS redacted
  FROM besides b JOIN prompt_version v ON v.workspace_id = $1::uuid AND v.id = b.version_id
  GROUP BY b.id, b.is_chosen ORDER BY b.id`

/**
 * Reads which versions chosen prompts include besides those that were asked for, without their texts: those that
 * references are pinned to, and of each other prompt how it is now, with all that these include. One that is in the
 * archive is among them, since texts still need it. Whoever is pinned to a label gets what that label names.
 * @throws forbidden, unavailable
 */
export const readIncludedVersions = operation('readIncludedVersions', run)

async function run(actor: Actor, chosen: ChosenPrompts): Promise<IncludedVersions[]> {
  assertMay(actor, 'read')
  return onPrimary(({ pool }) =>
    poolQuery(pool, 'prompts.included')<IncludedVersions>(READ, chosenValues(actor, chosen)),
  )
}

const COUNT = `WITH ${NEEDED}
  SELECT (SELECT count(*)::integer FROM prompt_template t WHERE t.workspace_id = $1::uuid AND ${CHOSEN}) AS prompts,
    (SELECT count(DISTINCT id)::integer FROM besides WHERE NOT is_chosen) AS included`

/**
 * Counts prompts that were chosen, and those that they include besides.
 * @throws forbidden, unavailable
 */
export const countIncludedPrompts = operation('countIncludedPrompts', count)

async function count(actor: Actor, chosen: ChosenPrompts): Promise<{ prompts: number; included: number }> {
  assertMay(actor, 'read')
  const [counted] = await onPrimary(({ pool }) =>
    poolQuery(pool, 'prompts.included_count')<{ prompts: number; included: number }>(
      COUNT,
      chosenValues(actor, chosen),
    ),
  )
  return counted ?? { prompts: 0, included: 0 }
}

const HEADS = `SELECT ${WHOLE_PROMPT} FROM unnest($2::uuid[]) WITH ORDINALITY AS w (id, place)
  JOIN prompt_template t ON t.workspace_id = $1::uuid AND t.id = w.id ORDER BY w.place`

/**
 * Reads prompts by their ids, as `readWholePrompts` does by filters, with versions that are known already.
 * @throws forbidden, unavailable
 */
export const readIncludedPrompts = operation('readIncludedPrompts', heads)

async function heads(
  actor: Actor,
  { included }: { included: readonly IncludedVersions[] },
): Promise<WholePrompt[]> {
  assertMay(actor, 'read')
  const known = new Map(included.map((each) => [each.id, each]))
  const rows = await onPrimary(({ pool }) =>
    poolQuery(pool, 'prompts.whole_by_id')<Omit<WholePrompt, 'versions' | 'redacted'>>(HEADS, [
      actor.workspaceId,
      [...known.keys()],
    ]),
  )
  return rows.map((row) => {
    const { versions = [], redacted = [] } = known.get(row.id) ?? {}
    return { ...row, versions, redacted }
  })
}
