import { releasedAmounts, type SettleSpendingInput, settledAmounts } from '../../ai/limits/settle-spending.ts'
import type { TokenCount } from '../../ai/providers/provider.ts'
import type { ConfigurationFacts } from '../../ai/schema.ts'
import type { Tx } from '../../db/client.ts'
import { onPrimary } from '../../db/read.ts'
import { newId } from '../../id.ts'
import { cutText, mendText } from '../../text.ts'
import type { GenerationAttempt } from '../schema.ts'
import type { Target } from '../streaming/read-progress.ts'

type Reservation = SettleSpendingInput['reservation']

/** Why an attempt, or a generation, failed. */
export interface Reason {
  code: string
  message: string
}

const MESSAGE_LENGTH = 2000

/** The columns error_code and error_message of a reason: its message may quote what somebody has sent. */
export function errorColumns(reason: Reason | undefined): [code: string | null, message: string | null] {
  if (reason === undefined) return [null, null]
  const { code, message } = reason
  const short = message.length > MESSAGE_LENGTH ? `${cutText(message, MESSAGE_LENGTH - 1)}…` : message
  return [mendText(code), mendText(short)]
}

/** A row of generation_attempt, as far as its end needs it. */
export interface StoredAttempt {
  id: string
  attempt: number
  status: GenerationAttempt['status']
  configuration_id: string | null
  reserved_tokens: number
  reserved_cost: number
  reserved_at: Date | null
  error_code: string | null
  error_message: string | null
  started_at: Date
  /** Its process's last sign of life; null: none since it began. */
  alive_at: Date | null
}

/** Why an attempt failed; null for one that did not. */
export function errorOf({ error_code, error_message }: StoredAttempt): Reason | null {
  return error_code === null ? null : { code: error_code, message: error_message ?? '' }
}

/** Columns of a StoredAttempt, of the table as `a`. */
export const ATTEMPT_COLUMNS = `a.id, a.attempt, a.status, a.configuration_id, a.reserved_tokens,
  a.reserved_cost::float8 AS reserved_cost, a.reserved_at, a.error_code, a.error_message, a.started_at, a.alive_at`

/**
 * Sums over the attempts of a generation, no larger than their columns hold; null where nothing is known, which
 * `least` alone would take for the most.
 */
export const ATTEMPT_SUMS = ['input_tokens', 'output_tokens', 'cost']
  .map((column) => {
    const most = column === 'cost' ? '9999999999' : '2147483647'
    const type = column === 'cost' ? 'numeric' : 'integer'
    return `CASE WHEN count(${column}) > 0 THEN least(sum(${column}), ${most})::${type} END AS ${column}`
  })
  .join(', ')

/** All attempts of a generation, in their order. */
export function readAttempts(tx: Tx, { workspaceId, id }: Target): Promise<StoredAttempt[]> {
  return tx.$queryRawUnsafe<StoredAttempt[]>(
    `SELECT ${ATTEMPT_COLUMNS} FROM generation_attempt a
     WHERE a.workspace_id = $1::uuid AND a.generation_id = $2::uuid ORDER BY a.attempt`,
    workspaceId,
    id,
  )
}

/**
 * How often a configuration was asked for a generation and failed. An attempt whose process ended says nothing
 * about who was asked.
 */
export async function countFailures({ workspaceId, id }: Target, configurationId: string): Promise<number> {
  const { rows } = await onPrimary(({ pool }) =>
    pool.query<{ count: number }>({
      name: 'generations.failures',
      text: `SELECT count(*)::integer AS count FROM generation_attempt
        WHERE workspace_id = $1::uuid AND generation_id = $2::uuid AND configuration_id = $3::uuid
          AND status = 'failed' AND error_code <> 'interrupted'`,
      values: [workspaceId, id, configurationId],
    }),
  )
  return rows[0]?.count ?? 0
}

/** The columns of a new attempt with its share of the limits, besides its workspace. */
export const NEW_ATTEMPT_COLUMNS = `id, generation_id, attempt, configuration_id, configuration_name,
  provider, model, status, reserved_tokens, reserved_cost, reserved_at, started_at`

const INSERT_ATTEMPT = `INSERT INTO generation_attempt (workspace_id, ${NEW_ATTEMPT_COLUMNS})
  VALUES ($1::uuid, $2::uuid, $3::uuid, $4::integer, $5::uuid, $6, $7, $8, $9, $10::integer, $11::float8::numeric,
    $12::timestamptz, clock_timestamp())`

export interface NewAttempt {
  attempt: number
  configuration: { id: string; facts: ConfigurationFacts }
  status: 'waiting' | 'running'
  reservation: Reservation
}

/** Writes an attempt down that has its share of the limits. */
export async function insertAttempt(
  tx: Tx,
  { workspaceId, id: generationId }: Target,
  { attempt, configuration, status, reservation }: NewAttempt,
): Promise<StoredAttempt> {
  const row = {
    id: newId(),
    attempt,
    status,
    configuration_id: configuration.id,
    reserved_tokens: reservation.tokens,
    reserved_cost: reservation.cost,
    reserved_at: reservation.reservedAt,
    error_code: null,
    error_message: null,
    started_at: new Date(),
    alive_at: null,
  }
  const { name, provider, model } = configuration.facts
  await tx.$executeRawUnsafe(
    INSERT_ATTEMPT,
    workspaceId,
    row.id,
    generationId,
    attempt,
    configuration.id,
    name,
    provider,
    model,
    status,
    reservation.tokens,
    reservation.cost,
    reservation.reservedAt,
  )
  return row
}

/** Writes an attempt down that could not begin, with the reason. */
export async function insertRefusedAttempt(
  tx: Tx,
  { workspaceId, id: generationId }: Target,
  { attempt, configuration }: Pick<NewAttempt, 'attempt' | 'configuration'>,
  reason: Reason,
): Promise<void> {
  const { name, provider, model } = configuration.facts
  const [code, message] = errorColumns(reason)
  await tx.$executeRaw`
    INSERT INTO generation_attempt (id, workspace_id, generation_id, attempt, configuration_id, configuration_name,
      provider, model, status, error_code, error_message, started_at, finished_at, settled_at)
    VALUES (${newId()}::uuid, ${workspaceId}::uuid, ${generationId}::uuid, ${attempt}, ${configuration.id}::uuid, ${name},
      ${provider}, ${model}, 'failed', ${code}, ${message}, clock_timestamp(), clock_timestamp(), clock_timestamp())`
}

/** What came of an attempt. */
export interface AttemptEnd {
  status: 'succeeded' | 'failed' | 'cancelled'
  reason?: Reason | undefined
  /** Whether the provider was asked: the request counts then, whatever came of it. */
  isCalled: boolean
  /** Left out: nothing is known to have been used. */
  used?: { tokens: TokenCount; cost: number | null } | undefined
  requestId?: string | null | undefined
  latencyMs?: number | undefined
  firstTokenMs?: number | null | undefined
  finishReason?: string | undefined
}

/**
 * Ends an attempt ($2) of a workspace ($1) that is not settled, and puts the real figures in the place of what
 * was set aside for it: CTEs `ended`, with a row when it did, and `settled`, which a statement must read.
 * @param only a further condition on the attempt `a`
 */
export const endAttemptSql = (only = 'true') => `
  ended AS (
    UPDATE generation_attempt a SET status = $3, settled_at = clock_timestamp(), finished_at = clock_timestamp(),
      error_code = $4, error_message = $5, input_tokens = $6::integer, output_tokens = $7::integer,
      cost = $8::float8::numeric, provider_request_id = $9, latency_ms = $10::integer,
      first_token_ms = $11::integer, finish_reason = $12
    WHERE a.workspace_id = $1::uuid AND a.id = $2::uuid AND a.settled_at IS NULL AND ${only}
    RETURNING a.model, a.input_tokens, a.output_tokens, a.cost
  ), settled AS MATERIALIZED (
    SELECT add_spending($1::uuid, $13::json, $14::timestamptz) FROM ended WHERE $13::json IS NOT NULL
  )`

/** The parameters of `endAttemptSql`. */
export function endAttemptValues(workspaceId: string, attempt: StoredAttempt, end: AttemptEnd): unknown[] {
  const { reason, used } = end
  const reservation = reservationOf(workspaceId, attempt)
  return [
    workspaceId,
    attempt.id,
    end.status,
    ...errorColumns(reason),
    used?.tokens.input ?? null,
    used?.tokens.output ?? null,
    used?.cost ?? null,
    end.requestId ?? null,
    end.latencyMs ?? null,
    end.firstTokenMs ?? null,
    end.finishReason ?? null,
    reservation === undefined ? null : JSON.stringify(amountsOf(reservation, end)),
    reservation?.reservedAt ?? null,
  ]
}

function amountsOf(reservation: Reservation, { isCalled, used }: AttemptEnd) {
  const tokens = used === undefined ? 0 : used.tokens.input + used.tokens.output
  return isCalled
    ? settledAmounts({ reservation, tokens, cost: used?.cost ?? 0 })
    : releasedAmounts(reservation)
}

/** Ends an attempt, once: false when somebody else has ended it. */
export async function endAttempt(
  tx: Tx,
  workspaceId: string,
  attempt: StoredAttempt,
  end: AttemptEnd,
): Promise<boolean> {
  const [{ ended }] = await tx.$queryRawUnsafe<[{ ended: boolean }]>(
    `WITH ${endAttemptSql()} SELECT EXISTS (SELECT FROM ended) AS ended, (SELECT count(*) FROM settled)`,
    ...endAttemptValues(workspaceId, attempt, end),
  )
  return ended
}

/** undefined when its configuration is gone, and its limits with it. */
function reservationOf(workspaceId: string, attempt: StoredAttempt): Reservation | undefined {
  const { configuration_id, reserved_at, reserved_tokens, reserved_cost } = attempt
  if (configuration_id === null || reserved_at === null) return undefined
  return {
    workspaceId,
    configurationId: configuration_id,
    reservedAt: reserved_at,
    requests: 1,
    tokens: reserved_tokens,
    cost: reserved_cost,
  }
}
