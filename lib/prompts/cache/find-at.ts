import type { Actor } from '../../access/actor.ts'
import { onPrimary } from '../../db/read.ts'
import { appError } from '../../errors.ts'
import { noPrompt } from '../errors.ts'
import { LATEST } from '../name.ts'

/** A label at a moment of the past. */
export interface PastChoice {
  label: string
  /** ISO 8601 with an offset. */
  at: string
}

interface PastRow {
  name: string
  version: number | null
  /** When the label named a version for the first time; null: never. */
  since: Date | null
}

/**
 * The number of the version that a label meant at a moment, by the events that each move left; `latest` meant the
 * newest that there was.
 * @throws not_found when the prompt had no such label then, invalid_input for a moment to come, unavailable
 */
export async function numberAt(
  workspaceId: string,
  name: string,
  { label, at }: PastChoice,
): Promise<number> {
  const moment = pastMoment(at)
  const { rows } = await onPrimary(({ pool }) =>
    pool.query<PastRow>({
      name: label === LATEST ? 'newest-at' : 'label-at',
      text: label === LATEST ? NEWEST_AT : LABEL_AT,
      values: [workspaceId, name, moment, label],
    }),
  )
  const [row] = rows
  if (row === undefined) throw noPrompt(name)
  if (row.version !== null) return row.version
  throw notThen(row, { label, at: moment.toISOString() })
}

/** @throws forbidden for an actor that sees one label as it is: other versions are not for it */
export function assertSeesPast({ label }: Actor): void {
  if (label === null) return
  throw appError('forbidden', `This key sees "${label}" as it is, not as it was.`)
}

/**
 * A moment that has come.
 * @throws invalid_input for one to come: what a label will say is not known
 */
export function pastMoment(at: string): Date {
  const moment = new Date(at)
  if (moment.getTime() <= Date.now()) return moment
  const message = 'is still to come: a label may move until then'
  throw appError('invalid_input', `\`at\` ${message}.`, {
    details: [{ path: ['at'], code: 'in_future', message }],
  })
}

function notThen({ name, since }: PastRow, { label, at }: PastChoice) {
  const first = since === null ? '' : ` It was set for the first time at ${since.toISOString()}.`
  return appError('not_found', `The prompt "${name}" had no label "${label}" at ${at}.${first}`, {
    extra: { since: since?.toISOString() ?? null },
  })
}

const PROMPT =
  'prompt_name n JOIN prompt_template t ON t.workspace_id = n.workspace_id AND t.id = n.prompt_id'
const NAMED = 'n.workspace_id = $1::uuid AND n.name = $2::text'

const LABEL_AT = `SELECT t.name,
    (SELECT to_version FROM label_event e WHERE e.workspace_id = $1::uuid AND e.prompt_id = t.id
      AND e.label = $4::text AND e.occurred_at <= $3::timestamptz
      ORDER BY e.occurred_at DESC, e.id DESC LIMIT 1) AS version,
    (SELECT min(occurred_at) FROM label_event e WHERE e.workspace_id = $1::uuid AND e.prompt_id = t.id
      AND e.label = $4::text) AS since
  FROM ${PROMPT} WHERE ${NAMED}`

const NEWEST_AT = `SELECT t.name, v.number AS version, v.since
  FROM ${PROMPT}
  CROSS JOIN LATERAL (SELECT max(number) FILTER (WHERE created_at <= $3::timestamptz) AS number,
      min(created_at) AS since
    FROM prompt_version WHERE workspace_id = $1::uuid AND prompt_id = t.id AND $4::text IS NOT NULL) v
  WHERE ${NAMED}`
