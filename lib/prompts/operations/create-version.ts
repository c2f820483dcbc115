import type { Actor } from '../../access/actor.ts'
import { change } from '../../db/change.ts'
import type { Tx } from '../../db/client.ts'
import { appError } from '../../errors.ts'
import { assertMatches, etagOf } from '../../etag.ts'
import type { Json } from '../../liquid/json.ts'
import { operation } from '../../telemetry/operation.ts'
import { breakingChanges, toldTo } from '../impact/contract-guard.ts'
import type { BrokenLabel, SavedVersion } from '../impact/schema.ts'
import { LATEST } from '../name.ts'
import { listChanges } from '../plan/listing.ts'
import { type BaseVersion, type PreparedVersion, prepareVersion } from '../plan/prepare-version.ts'
import { assertMay, assertMayWriteIn } from '../policy.ts'
import { readContent } from '../render/compiled-version.ts'
import type { CreateVersionInput } from '../schema.ts'
import { readListing } from '../store/listed-state.ts'
import { type LockedPrompt, lockPrompt, touchPrompt } from '../store/lock-prompt.ts'
import { assertMayMove } from '../store/release-guard.ts'
import { transactionQuery } from '../store/stored-prompt.ts'
import { readAnswer, versionFacts, writeVersion } from '../store/write-version.ts'
import { readVariables } from '../variables/variables.ts'

/** Either `if_match` (REST) or `base_version` (MCP) says what the author has seen. */
export type CreateVersionRequest = CreateVersionInput & {
  name: string
  if_match?: string
  base_version?: number
}

/**
 * Makes a new version out of the newest one: fields that are left out stay as they were, includes are pinned anew.
 * `labels` are moved to it in the same change, as `setLabel` moves one.
 * @throws not_found, precondition_required without if_match and base_version, precondition_failed (with
 *   `current_etag` and `latest_version`) when either is stale, invalid_input, unprocessable, too_large,
 *   forbidden, unavailable
 */
export const createVersion = operation('createVersion', run)

async function run(actor: Actor, input: CreateVersionRequest): Promise<SavedVersion> {
  assertMay(actor, 'write')
  const labels = [...new Set(input.labels ?? [])]
  return change(actor, async ({ tx, record }) => {
    const prompt = await lockPrompt(tx, actor, input.name)
    assertMayWriteIn(actor, prompt.category_id)
    assertSeen(input, prompt)
    await assertMayMove(tx, actor, prompt, labels)
    const base = await readNewest(tx, actor, prompt, input)
    const version = await prepareVersion(transactionQuery(tx), actor, prompt.name, input, base)
    const { told, logged } = await brokenLabels(tx, actor, prompt, { labels, version, input })
    const number = prompt.latest_version + 1
    const before = await readListing(tx, actor.workspaceId, prompt.id)
    await touchPrompt(tx, actor, prompt, { next_version: number + 1 })
    await writeVersion(tx, actor, { prompt, number, version, labels })
    const after = await readListing(tx, actor.workspaceId, prompt.id)
    record({
      action: 'version.create',
      target: { kind: 'prompt', id: prompt.id, name: prompt.name },
      before: { version: prompt.latest_version },
      after: { ...versionFacts(number, version), labels, ...(logged.length > 0 && { breaking: logged }) },
      lists: after === undefined ? [] : listChanges(before, after),
    })
    const answer = await readAnswer(tx, actor, prompt.name, { first: { label: LATEST } }, version.warnings)
    return { ...answer, ...(told.length > 0 && { breaking: told }) }
  })
}

/** What moving labels to the new version breaks, as it may be told and for the audit log. */
async function brokenLabels(
  tx: Tx,
  actor: Actor,
  prompt: LockedPrompt,
  { labels, version, input }: { labels: string[]; version: PreparedVersion; input: CreateVersionRequest },
): Promise<{ told: BrokenLabel[]; logged: BrokenLabel[] }> {
  const accepts = input.accept_breaking === true
  const told: BrokenLabel[] = []
  const logged: BrokenLabel[] = []
  for (const label of labels) {
    const { variables } = version
    const broken = await breakingChanges(tx, actor, prompt, { label, variables, accepts })
    told.push(...toldTo(actor, broken.breaking).map((change) => ({ label, ...change })))
    logged.push(...broken.logged.map((change) => ({ label, ...change })))
  }
  return { told, logged }
}

function assertSeen(input: CreateVersionRequest, prompt: LockedPrompt): void {
  if (input.if_match !== undefined || input.base_version === undefined) assertMatches(input.if_match, prompt)
  if (input.base_version !== undefined && input.base_version !== prompt.latest_version)
    throw notNewest(prompt, input.base_version)
}

function notNewest(prompt: LockedPrompt, base: number) {
  const { name, latest_version: newest } = prompt
  const message = `Version ${newest} is the newest of "${name}", and this change was made from version ${base}.`
  return appError('precondition_failed', message, {
    extra: { current_etag: etagOf(prompt), latest_version: newest },
  })
}

async function readNewest(
  tx: Tx,
  actor: Actor,
  prompt: LockedPrompt,
  input: CreateVersionInput,
): Promise<BaseVersion> {
  const row = await tx.promptVersion.findUniqueOrThrow({
    where: {
      workspace_id_prompt_id_number: {
        workspace_id: actor.workspaceId,
        prompt_id: prompt.id,
        number: prompt.latest_version,
      },
    },
  })
  if (row.redacted_at !== null && input.template_content === undefined && input.messages === undefined) {
    const message = 'The newest version was redacted, so a new one needs its own text'
    throw appError('unprocessable', `${message}.`, {
      details: [{ path: ['template_content'], code: 'redacted', message }],
    })
  }
  // A check constraint of the table lets in no other kind.
  const kind = row.kind === 'chat' ? 'chat' : 'text'
  return {
    content: readContent(kind, row.content),
    // Both columns hold JSON that was written from these types.
    variables: readVariables(row.variables as Json),
    config: row.config as { [key: string]: Json },
    title: row.title,
    description: row.description,
    publish: { prompt: row.publish_prompt, tool: row.publish_tool, skill: row.publish_skill },
  }
}
