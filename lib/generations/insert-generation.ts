import type { Actor } from '../access/actor.ts'
import type { LoadedConfiguration } from '../ai/operations/load-configuration.ts'
import type { Tx } from '../db/client.ts'
import type { AppError } from '../errors.ts'
import { newId } from '../id.ts'
import type { Message } from '../prompts/content/content.ts'
import { insertAttempt, insertRefusedAttempt } from './attempt.ts'
import { reserveCall } from './reserve.ts'
import type { Generation, GenerationDraft } from './schema.ts'
import { readGenerationIn } from './stored-generation.ts'

/** What is to be run: everything that never changes of a generation. */
export interface NewGeneration {
  prompt_id: string
  version: number
  label: string | null
  checksum: string
  variables: Readonly<Record<string, unknown>>
  messages: readonly Message[]
  draft: GenerationDraft | null
  retryOf: string | null
  /** The one that is to answer, and those that are asked when it fails. */
  chain: readonly [LoadedConfiguration, ...LoadedConfiguration[]]
}

/** The columns of a new row; a batch has many at once. */
export function rowOf(
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
    ...(generation.draft === null ? {} : { draft: asJson(generation.draft) }),
    retry_of: generation.retryOf,
    configuration_id: first.id,
    configuration: asJson(first.facts),
    status: 'queued',
    surface: actor.request.surface,
    request_id: actor.request.id,
    created_by: actor.id,
  }
}

/** Plain JSON for a json column. */
function asJson(value: object): object {
  const plain: object = JSON.parse(JSON.stringify(value))
  return plain
}

/**
 * Writes an interactive generation with its first attempt, whose share of the limits is set aside with it.
 * Where the quota of a configuration is used up, that is an attempt that failed, and its fallback is next.
 * @throws rate_limited, quota_exceeded
 */
export async function insertGeneration(tx: Tx, actor: Actor, generation: NewGeneration): Promise<Generation> {
  const id = newId()
  const row = rowOf(actor, id, generation, generation.chain[0])
  await tx.generatedContent.create({ data: { ...row, queue: 'interactive' }, select: { id: true } })
  const written = await readGenerationIn(tx, actor.workspaceId, id)
  // Last: the rows of the limits stay locked until the transaction ends.
  return { ...written, attempts: await reserveFirst(tx, actor, id, generation) }
}

async function reserveFirst(
  tx: Tx,
  actor: Actor,
  id: string,
  { chain, messages }: NewGeneration,
): Promise<Generation['attempts']> {
  const { workspaceId, id: callerId } = actor
  const target = { workspaceId, id }
  const attempts: Generation['attempts'] = []
  let refused: AppError | undefined
  for (const configuration of chain) {
    const attempt = attempts.length + 1
    const reserved = await reserveCall(tx, { workspaceId, configuration, messages, callerId })
    if ('reservation' in reserved) {
      const { reservation } = reserved
      await insertAttempt(tx, target, { attempt, configuration, status: 'waiting', reservation })
      return [...attempts, shown(attempt, configuration, null)]
    }
    const { refusal, isPassing } = reserved
    refused ??= refusal
    if (isPassing) break
    const reason = { code: refusal.code, message: refusal.message }
    await insertRefusedAttempt(tx, target, { attempt, configuration }, reason)
    attempts.push(shown(attempt, configuration, reason))
  }
  throw refused
}

/** An attempt as it has just been written. */
function shown(
  attempt: number,
  { facts }: LoadedConfiguration,
  error: Generation['error'],
): Generation['attempts'][number] {
  const now = new Date().toISOString()
  return {
    attempt,
    status: error === null ? 'waiting' : 'failed',
    configuration: facts.name,
    provider: facts.provider,
    model: facts.model,
    provider_request_id: null,
    input_tokens: null,
    output_tokens: null,
    cost: null,
    latency_ms: null,
    first_token_ms: null,
    finish_reason: null,
    error,
    started_at: now,
    finished_at: error === null ? null : now,
  }
}
