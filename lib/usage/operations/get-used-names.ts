import type { Pool } from 'pg'
import type { Actor } from '../../access/actor.ts'
import { readReplica } from '../../db/read.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMayReadUsage } from '../policy.ts'
import { spanOf } from '../span.ts'
import { readClients, readRanking, resolvePromptId } from '../stats-queries.ts'
import type { UsageFilter } from '../usage-source.ts'

/** What was used in a span, most used first: as the statistics say it, without figures. */
export interface UsedNames {
  by_prompt: { name: string }[]
  by_version: { version: number }[]
  /** null: clients that gave no name. */
  by_client: { client: string | null }[]
}

interface UsedNamesQuery {
  from: string
  to: string
  /** Its versions and clients alone. */
  prompt?: string | undefined
  /** Names of each kind. */
  limit: number
}

/**
 * The names that a choice of uses offers; a small part of what the statistics cost.
 * @throws forbidden, unavailable, not_found for an unknown prompt, invalid_input when `from` is not before `to`
 */
export const getUsedNames = operation('getUsedNames', run)

async function run(actor: Actor, { prompt, limit, ...span }: UsedNamesQuery): Promise<UsedNames> {
  assertMayReadUsage(actor)
  const { workspaceId } = actor
  return readReplica(actor, async (pool) => {
    const promptId = prompt === undefined ? undefined : await resolvePromptId(pool, workspaceId, prompt)
    const every = { version: undefined, surface: undefined, client: undefined }
    return readNames(pool, { ...every, ...spanOf(span), workspaceId, promptId }, limit)
  })
}

async function readNames(pool: Pool, filter: UsageFilter, limit: number): Promise<UsedNames> {
  const [ranking, clients] = await Promise.all([
    readRanking(pool, filter, limit),
    readClients(pool, filter, limit),
  ])
  return {
    by_prompt: ranking.flatMap(({ kind, prompt }) =>
      kind === 'prompt' && prompt !== null ? { name: prompt } : [],
    ),
    by_version: ranking.flatMap(({ version }) => (version === null ? [] : { version })),
    by_client: clients.map((name) => ({ client: name === '' ? null : name })),
  }
}
