import type { Actor } from '../access/actor.ts'
import { rightsToKeep } from '../access/kept-actor.ts'
import { lockSpending } from '../ai/limits/lock-spending.ts'
import { plannedSpending } from '../ai/limits/reserve-spending.ts'
import type { LoadedConfiguration } from '../ai/operations/load-configuration.ts'
import type { RunConfig } from '../ai/run-settings.ts'
import type { Tx } from '../db/client.ts'
import { readPrimary } from '../db/read.ts'
import type { AppError } from '../errors.ts'
import { newId } from '../id.ts'
import type { OutboxMessage, Unsent } from '../outbox/message.ts'
import { asUnsent, insertMessages } from '../outbox/write-messages.ts'
import type { Message } from '../prompts/content/content.ts'
import { getRuntime } from '../runtime.ts'
import { insertAttempt, insertRefusedAttempt } from './attempt.ts'
import { requested } from './jobs.ts'
import { reserveCall, spendingOf } from './reserve.ts'
import type { GenerationDraft } from './schema.ts'
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

/** The columns of a new row. */
function rowOf(
  actor: Actor,
  id: string,
  generation: Omit<NewGeneration, 'chain'>,
  first: LoadedConfiguration,
) {
  return {
    id,
    workspace_id: actor.workspaceId,
    prompt_id: generation.prompt_id,
    version_number: generation.version,
    label: generation.label,
    checksum: generation.checksum,
    variables: asJson(generation.variables),
    messages: asJson(generation.messages),
    ...(generation.config === undefined ? {} : { config: asJson(generation.config) }),
    ...(generation.draft === null ? {} : { draft: asJson(generation.draft) }),
    retry_of: generation.retryOf,
    configuration_id: first.id,
    configuration: asJson(first.facts),
    status: 'queued',
    surface: actor.request.surface,
    request_id: actor.request.id,
    rights: asJson(rightsToKeep(actor)),
    created_by: actor.id,
  }
}

/** Plain JSON for a json column. */
function asJson(value: object): object {
  const plain: object = JSON.parse(JSON.stringify(value))
  return plain
}

/** A generation that was just written, and what is to be sent of it. */
export interface QueuedGeneration {
  id: string
  unsent: Unsent[]
}

/**
 * What happens nearly always, in one statement: the first configuration has room within its limits. Their
 * rows are the ones that everybody waits for; they are locked for no longer than this takes.
 */
const INSERT_USUAL = `WITH room AS MATERIALIZED (
    SELECT WHERE ${waitingSql('$2::uuid', '$15::uuid', '$23::integer')} < $23::integer
  ), taken AS MATERIALIZED (
    SELECT t.at FROM room CROSS JOIN LATERAL take_spending($2::uuid, $16::json, NULL) t WHERE t.is_taken
  ), generation AS (
    INSERT INTO generated_content (id, workspace_id, prompt_id, version_number, label, checksum, variables, messages,
      draft, retry_of, configuration_id, configuration, surface, request_id, created_by, config, rights, queue, status)
    SELECT $1::uuid, $2::uuid, $3::uuid, $4::integer, $5, $6, $7::json, $8::json, $9::json, $10::uuid, $11::uuid,
      $12::json, $13, $14, $15::uuid, $24::json, $27::json, 'interactive', 'queued'
    FROM taken
  ), attempt AS (
    INSERT INTO generation_attempt (id, workspace_id, generation_id, attempt, configuration_id, configuration_name,
      provider, model, status, reserved_tokens, reserved_cost, reserved_at, started_at)
    SELECT $17::uuid, $2::uuid, $1::uuid, 1, $11::uuid, $18, $19, $20, 'waiting', $21::integer, $22::float8::numeric,
      taken.at, clock_timestamp()
    FROM taken
  ), message AS (
    ${insertMessages({ workspace: '$2::uuid', messages: '$25::json', claimMs: '$26::integer', from: 'taken, ' })}
  )
  SELECT FROM taken`

/**
 * Writes an interactive generation with its first attempt, the share of the limits that this sets aside, and the
 * message that starts its run.
 * @returns undefined, and nothing is written, when the first configuration has no room, or the caller has too
 *   much waiting
 * @throws unavailable
 */
export async function insertUsual(
  actor: Actor,
  generation: NewGeneration,
): Promise<QueuedGeneration | undefined> {
  const [configuration] = generation.chain
  const { workspaceId, id: callerId } = actor
  const { messages, draft, config } = generation
  const { wanted, reservation } = plannedSpending(
    spendingOf({ workspaceId, configuration, messages, callerId }),
  )
  const id = newId()
  const { facts } = configuration
  const { limits } = getRuntime().config
  const jobs = [requested({ workspaceId, id, queue: 'interactive', provider: facts.provider })]
  const values = [
    id,
    workspaceId,
    generation.prompt_id,
    generation.version,
    generation.label,
    generation.checksum,
    JSON.stringify(generation.variables),
    JSON.stringify(messages),
    draft === null ? null : JSON.stringify(draft),
    generation.retryOf,
    configuration.id,
    JSON.stringify(facts),
    actor.request.surface,
    actor.request.id,
    callerId,
    JSON.stringify(wanted),
    newId(),
    facts.name,
    facts.provider,
    facts.model,
    reservation.tokens,
    reservation.cost,
    limits.generations_waiting,
    config === undefined ? null : JSON.stringify(config),
    JSON.stringify(jobs),
    limits.outbox_claim_ms,
    JSON.stringify(rightsToKeep(actor)),
  ]
  const { rowCount } = await readPrimary(({ pool }) =>
    pool.query({ name: 'generations.insert', text: INSERT_USUAL, values }),
  )
  return rowCount === 1 ? { id, unsent: asUnsent(workspaceId, jobs) } : undefined
}

/**
 * The same in a transaction, which says why there is no room. Where the quota of a configuration is used up,
 * that is an attempt that failed, and its fallback is next.
 * @returns the message that starts its run
 * @throws rate_limited, quota_exceeded
 */
export async function insertGeneration(
  tx: Tx,
  actor: Actor,
  generation: NewGeneration,
): Promise<OutboxMessage> {
  await assertRoomToWait(tx, actor, 1)
  const id = newId()
  const row = rowOf(actor, id, generation, generation.chain[0])
  await tx.generatedContent.create({ data: { ...row, queue: 'interactive' }, select: { id: true } })
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
