import type { Actor } from '../../access/actor.ts'
import { change } from '../../db/change.ts'
import type { Tx } from '../../db/client.ts'
import { appError } from '../../errors.ts'
import { redactGenerations } from '../../generations/runs/redact-generations.ts'
import { redactOutcomes } from '../../outcomes/redact-outcomes.ts'
import { operation } from '../../telemetry/operation.ts'
import { listChanges } from '../plan/listing.ts'
import { assertMayRedact, assertMayWriteIn } from '../policy.ts'
import { readListing } from '../store/listed-state.ts'
import { type LockedPrompt, lockPrompt, touchPrompt } from '../store/lock-prompt.ts'

export interface RedactVersionRequest {
  name: string
  version: number
}

/**
 * Erases what a version said (a pasted secret, say): its content, variables, config, title, description and
 * message, the search's copy, stored answers to Idempotency-Keys, what was generated with it, and what refused renders
 * were given. Its number, checksum and author stay,
 * with the time of the redaction; it cannot be rendered any more. The one change that a version knows.
 * @throws not_found, conflict when it is redacted already, forbidden, unavailable
 */
export const redactVersion = operation('redactVersion', run)

async function run(actor: Actor, { name, version }: RedactVersionRequest): Promise<void> {
  assertMayRedact(actor)
  await change(actor, async ({ tx, record }) => {
    const prompt = await lockPrompt(tx, actor, name, { archived: true })
    assertMayWriteIn(actor, prompt.category_id)
    const id = await findUnredacted(tx, actor, prompt, version)
    const before = await readListing(tx, actor.workspaceId, prompt.id)
    await tx.$executeRaw`SELECT redact_prompt_version(${actor.workspaceId}::uuid, ${id}::uuid)`
    const { workspaceId } = actor
    const generations = await redactGenerations(tx, { workspaceId, promptId: prompt.id, version, id })
    await redactOutcomes(tx, { workspaceId, id })
    if (version === prompt.latest_version) await clearSearch(tx, actor, prompt)
    await tx.$executeRaw`
      DELETE FROM idempotency_key WHERE workspace_id = ${workspaceId}::uuid AND answer ->> 'id' = ${prompt.id}`
    await redactValues(tx, { workspaceId, id })
    await touchPrompt(tx, actor, prompt)
    const after = await readListing(tx, actor.workspaceId, prompt.id)
    record({
      action: 'version.redact',
      target: { kind: 'prompt', id: prompt.id, name: prompt.name },
      after: { version, generations },
      lists: after === undefined ? [] : listChanges(before, after),
    })
  })
}

/** What refused renders of it, and of versions that include it, were given; ordinary uses keep no values. */
async function redactValues(
  tx: Tx,
  { workspaceId, id }: { workspaceId: string /** Of the version. */; id: string },
): Promise<void> {
  await tx.$executeRaw`UPDATE prompt_usage u SET refused_values = NULL FROM prompt_version v
    WHERE u.workspace_id = ${workspaceId}::uuid AND v.workspace_id = u.workspace_id
      AND v.prompt_id = u.prompt_id AND v.number = u.version_number
      AND u.outcome <> 'ok' AND u.refused_values IS NOT NULL
      AND (v.id = ${id}::uuid OR v.id IN (
        SELECT i.version_id FROM version_include i
        WHERE i.workspace_id = ${workspaceId}::uuid AND i.included_version_id = ${id}::uuid))`
}

async function findUnredacted(tx: Tx, actor: Actor, prompt: LockedPrompt, number: number): Promise<string> {
  const row = await tx.promptVersion.findUnique({
    where: {
      workspace_id_prompt_id_number: { workspace_id: actor.workspaceId, prompt_id: prompt.id, number },
    },
    select: { id: true, redacted_at: true },
  })
  if (row === null) throw appError('not_found', `The prompt "${prompt.name}" has no version ${number}.`)
  if (row.redacted_at !== null)
    throw appError('conflict', `Version ${number} of "${prompt.name}" is redacted already.`)
  return row.id
}

async function clearSearch(tx: Tx, actor: Actor, prompt: LockedPrompt): Promise<void> {
  await tx.promptSearch.update({
    where: { workspace_id_prompt_id: { workspace_id: actor.workspaceId, prompt_id: prompt.id } },
    data: { title: '', description: '', body: '' },
  })
}
