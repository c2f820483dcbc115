import type pg from 'pg'
import type { Actor } from '../../access/actor.ts'
import { readReplica } from '../../db/read.ts'
import { appError } from '../../errors.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMayReadOutcomes } from '../policy.ts'
import { findPrompt } from '../read-outcomes.ts'
import { TOO_FEW } from '../rules.ts'
import type { Quality, QualityQuery, VersionQuality } from '../schema.ts'
import { meanScore, newcombe, type Share, wilson } from '../statistics.ts'

const DAY_MS = 86_400_000
const DEFAULT_DAYS = 90

/**
 * How the versions of a prompt did, by what was reported on whole days of UTC: counts, and shares with their intervals.
 * @throws invalid_input when `from` is after `to`, not_found, forbidden, unavailable
 */
export const getQuality = operation('getQuality', run)

async function run(actor: Actor, input: QualityQuery & { name: string }): Promise<Quality> {
  assertMayReadOutcomes(actor)
  const span = daysOf(input)
  const { workspaceId } = actor
  return readReplica(actor, async (pool) => {
    const prompt = await findPrompt(pool, workspaceId, input.name)
    const asked = { workspaceId, promptId: prompt.id, ...span }
    const [sums, choices] = await Promise.all([
      readSums(pool, { ...asked, label: input.label, client: input.client }),
      readChoices(pool, asked),
    ])
    return { prompt: prompt.name, ...span, versions: compared(sums), ...choices }
  })
}

/** @throws invalid_input */
function daysOf({ from, to }: QualityQuery): { from: string; to: string } {
  const last = to === undefined ? new Date() : new Date(to)
  const first = from === undefined ? new Date(last.getTime() - DEFAULT_DAYS * DAY_MS) : new Date(from)
  const day = (time: Date) => time.toISOString().slice(0, 10)
  if (first <= last) return { from: day(first), to: day(last) }
  throw appError('invalid_input', '`from` must not be after `to`.', {
    details: [{ path: ['from'], code: 'invalid_range', message: 'is after `to`' }],
  })
}

interface Asked {
  workspaceId: string
  promptId: string
  from: string
  to: string
}

interface Sums {
  version: number
  successes: number
  failures: number
  scored: number
  score_sum: number
  score_squares: number
}

async function readSums(
  pool: pg.Pool,
  { workspaceId, promptId, from, to, label, client }: Asked & Pick<QualityQuery, 'label' | 'client'>,
): Promise<Sums[]> {
  const { rows } = await pool.query<Sums>({
    name: 'outcomes.quality',
    text: `SELECT version_number AS version, sum(successes)::float8 AS successes, sum(failures)::float8 AS failures,
        sum(scored)::float8 AS scored, sum(score_sum)::float8 AS score_sum, sum(score_squares)::float8 AS score_squares
      FROM outcome_day
      WHERE workspace_id = $1::uuid AND prompt_id = $2::uuid AND day BETWEEN $3::date AND $4::date
        AND ($5::text IS NULL OR label = $5) AND ($6::text IS NULL OR client_name = $6)
      GROUP BY version_number HAVING sum(successes + failures) > 0 ORDER BY version_number DESC`,
    values: [workspaceId, promptId, from, to, label ?? null, client ?? null],
  })
  return rows
}

/** Labels and clients that a filter can name. */
const CHOICES_MAX = 100

async function readChoices(
  pool: pg.Pool,
  { workspaceId, promptId, from, to }: Asked,
): Promise<Pick<Quality, 'labels' | 'clients'>> {
  const { rows } = await pool.query<{ kind: 'label' | 'client'; value: string }>({
    name: 'outcomes.choices',
    text: `SELECT kind, value FROM (
        SELECT CASE WHEN grouping(label) = 0 THEN 'label' ELSE 'client' END AS kind,
          coalesce(label, client_name) AS value, sum(successes + failures) AS told,
          row_number() OVER (PARTITION BY grouping(label) ORDER BY sum(successes + failures) DESC) AS place
        FROM outcome_day
        WHERE workspace_id = $1::uuid AND prompt_id = $2::uuid AND day BETWEEN $3::date AND $4::date
        GROUP BY GROUPING SETS ((label), (client_name))
      ) found WHERE told > 0 AND place <= $5 ORDER BY kind, told DESC, value`,
    values: [workspaceId, promptId, from, to, CHOICES_MAX],
  })
  const of = (kind: string) => rows.filter((row) => row.kind === kind).map(({ value }) => value)
  return { labels: of('label').filter((label) => label !== ''), clients: of('client') }
}

/** Each version beside the one before it; the newest first. */
function compared(sums: readonly Sums[]): VersionQuality[] {
  return sums.map((own, at) => {
    const { version, successes, failures, scored: count } = own
    const before = sums[at + 1]
    const share = shareOf(own)
    return {
      version,
      reported: share.total,
      successes,
      failures,
      success_rate: wilson(share),
      scored: count,
      score: meanScore({ count, sum: own.score_sum, squares: own.score_squares }),
      too_few: share.total < TOO_FEW,
      difference: before === undefined ? null : { ...newcombe(share, shareOf(before)), to: before.version },
    }
  })
}

function shareOf({ successes, failures }: Sums): Share {
  return { successes, total: successes + failures }
}
