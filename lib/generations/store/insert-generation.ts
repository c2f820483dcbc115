import type { Actor } from '../../access/actor.ts'
import { rightsToKeep } from '../../access/kept-actor.ts'
import { lockSpending, plannedSpending } from '../../ai/limits/reserve-spending.ts'
import type { LoadedConfiguration } from '../../ai/operations/load-configuration.ts'
import type { RunConfig } from '../../ai/run-settings.ts'
import type { Tx } from '../../db/client.ts'
import { onPrimary } from '../../db/read.ts'
import type { AppError } from '../../errors.ts'
import { newId } from '../../id.ts'
import type { OutboxMessage, Unsent } from '../../outbox/message.ts'
import { asUnsent, insertMessages } from '../../outbox/write-messages.ts'
import type { Message } from '../../prompts/content/content.ts'
import { getRuntime } from '../../runtime.ts'
import { usageBuffer } from '../../usage/recording/record.ts'
import { requested } from '../jobs.ts'
import { reserveCall, spendingOf } from '../runs/reserve.ts'
import type { GenerationDraft } from '../schema.ts'
import { insertAttempt, insertRefusedAttempt, NEW_ATTEMPT_COLUMNS } from './attempt.ts'
import { assertRoomToWait, waitingSql } from './waiting.ts'

/** What is to be run: everything that never changes of a generation. */
export interface NewGeneration {
  prompt_id: string
  version: number
  label: string | null
  checksum: string
  variables: Readonly<Record<string, unknown>>
  messages: readonly Message[]
  /** The part of the version's config that counts in a run. */
  config: RunConfig | undefined
  draft: GenerationDraft | null
  retryOf: string | null
  /** The one that is to answer, and those that are asked when it fails. */
  chain: readonly [LoadedConfiguration, ...LoadedConfiguration[]]
}

/** The columns of a new row besides its workspace ($1), and their types: they name the parameters below. */
const COLUMNS = {
  id: 'uuid',
  prompt_id: 'uuid',
  version_number: 'integer',
  label: 'text',
  checksum: 'text',
  variables: 'json',
  messages: 'json',
  config: 'json',
  draft: 'json',
  retry_of: 'uuid',
  configuration_id: 'uuid',
  configuration: 'json',
  surface: 'text',
  request_id: 'text',
  client_name: 'text',
  created_by: 'uuid',
  rights: 'json',
} as const
type Column = keyof typeof COLUMNS

const NAMES = Object.keys(COLUMNS) as Column[]
/** The parameter of a column. */
const at = (column: Column) => `$${NAMES.indexOf(column) + 2}::${COLUMNS[column]}`
/** The parameter so many places behind those of the row. */
const after = (place: number) => `$${NAMES.length + 1 + place}`

const INTO = `INSERT INTO generated_content (workspace_id, ${NAMES.join(', ')}, queue, status)
    SELECT $1::uuid, ${NAMES.map(at).join(', ')}, 'interactive', 'queued'`

/** The parameters of a new row: its workspace, then those in the order of COLUMNS. */
function rowOf(actor: Actor, id: string, generation: NewGeneration): unknown[] {
  const { config, draft } = generation
  const [first] = generation.chain
  const row: Record<Column, unknown> = {
    id,
    prompt_id: generation.prompt_id,
    version_number: generation.version,
    label: generation.label,
    checksum: generation.checksum,
    variables: JSON.stringify(generation.variables),
    messages: JSON.stringify(generation.messages),
    config: config === undefined ? null : JSON.stringify(config),
    draft: draft === null ? null : JSON.stringify(draft),
    retry_of: generation.retryOf,
    configuration_id: first.id,
    configuration: JSON.stringify(first.facts),
    surface: actor.request.surface,
    request_id: actor.request.id,
    client_name: usageBuffer().clientName(actor),
    created_by: actor.id,
    rights: JSON.stringify(rightsToKeep(actor)),
  }
  return [actor.workspaceId, ...NAMES.map((column) => row[column])]
}

/** A generation that was just written, and what is to be sent of it. */
export interface QueuedGeneration {
  id: string
  unsent: Unsent[]
}

/**
 * The fast path: one statement, where the first configuration has room within its limits. All requests wait for
 * the rows of these limits; the statement locks them for no longer than it takes.
 */
const FAST_PATH = `WITH room AS MATERIALIZED (
    SELECT WHERE ${waitingSql('$1::uuid', at('created_by'), `${after(1)}::integer`)} < ${after(1)}::integer
  ), taken AS MATERIALIZED (
    SELECT t.at FROM room CROSS JOIN LATERAL take_spending($1::uuid, ${after(2)}::json, NULL) t WHERE t.is_taken
  ), generation AS (
    ${INTO}
    FROM taken
  ), attempt AS (
    INSERT INTO generation_attempt (workspace_id, ${NEW_ATTEMPT_COLUMNS})
    SELECT $1::uuid, ${after(3)}::uuid, ${at('id')}, 1, ${at('configuration_id')}, ${after(4)}, ${after(5)},
      ${after(6)}, 'waiting', ${after(7)}::integer, ${after(8)}::float8::numeric, taken.at, clock_timestamp()
    FROM taken
  ), message AS (
    ${insertMessages({ workspace: '$1::uuid', messages: `${after(9)}::json`, claimMs: `${after(10)}::integer`, from: 'taken, ' })}
  )
  SELECT FROM taken`

/**
 * Writes an interactive generation with its first attempt, the share of the limits that this sets aside, and the
 * message that starts its run: on the fast path.
 * @returns undefined, and nothing is written, when the first configuration has no room, or the caller has too
 *   much waiting
 * @throws unavailable
 */
export async function insertOnFastPath(
  actor: Actor,
  generation: NewGeneration,
): Promise<QueuedGeneration | undefined> {
  const { chain, messages } = generation
  const [configuration] = chain
  const { workspaceId, id: callerId } = actor
  const { wanted, reservation } = plannedSpending(
    spendingOf({ workspaceId, configuration, messages, callerId }),
  )
  const id = newId()
  const { name, provider, model } = configuration.facts
  const { limits } = getRuntime().config
  const jobs = [requested({ workspaceId, id, queue: 'interactive', provider })]
  const values = [
    ...rowOf(actor, id, generation),
    limits.generations_waiting,
    JSON.stringify(wanted),
    newId(),
    name,
    provider,
    model,
    reservation.tokens,
    reservation.cost,
    JSON.stringify(jobs),
    limits.outbox_claim_ms,
  ]
  const { rowCount } = await onPrimary(({ pool }) =>
    pool.query({ name: 'generations.insert', text: FAST_PATH, values }),
  )
  return rowCount === 1 ? { id, unsent: asUnsent(workspaceId, jobs) } : undefined
}

/**
 * Writes the same in a transaction, which says why there is no room. Where the quota of a configuration is used
 * up, that is an attempt that failed, and its fallback is next.
 * @returns the message that starts its run
 * @throws rate_limited, quota_exceeded
 */
export async function insertInTransaction(
  tx: Tx,
  actor: Actor,
  generation: NewGeneration,
): Promise<OutboxMessage> {
  await assertRoomToWait(tx, actor, 1)
  const id = newId()
  await tx.$executeRawUnsafe(INTO, ...rowOf(actor, id, generation))
  // Last: the rows of the limits stay locked until the transaction ends.
  const { provider } = (await reserveFirst(tx, actor, id, generation)).facts
  return requested({ workspaceId: actor.workspaceId, id, queue: 'interactive', provider })
}

/** @returns the configuration that is asked first: its attempt waits for its turn */
async function reserveFirst(
  tx: Tx,
  actor: Actor,
  id: string,
  { chain, messages }: NewGeneration,
): Promise<LoadedConfiguration> {
  const { workspaceId, id: callerId } = actor
  const target = { workspaceId, id }
  let refused: AppError | undefined
  if (chain.length > 1)
    await lockSpending(
      tx,
      workspaceId,
      chain.map((each) => each.id),
    )
  for (const [index, configuration] of chain.entries()) {
    const attempt = index + 1
    const reserved = await reserveCall(tx, { workspaceId, configuration, messages, callerId })
    if ('reservation' in reserved) {
      const { reservation } = reserved
      await insertAttempt(tx, target, { attempt, configuration, status: 'waiting', reservation })
      return configuration
    }
    const { refusal, isPassing } = reserved
    refused ??= refusal
    if (isPassing) break
    const reason = { code: refusal.code, message: refusal.message }
    await insertRefusedAttempt(tx, target, { attempt, configuration }, reason)
  }
  throw refused
}
