import type { Actor } from '../../access/actor.ts'
import { type ChangeContext, change } from '../../db/change.ts'
import type { Tx } from '../../db/client.ts'
import { appError, overLimit } from '../../errors.ts'
import { etagOf } from '../../etag.ts'
import { getRuntime } from '../../runtime.ts'
import { operation } from '../../telemetry/operation.ts'
import type { BulkAnswer, BulkPromptsInput } from '../bulk-schema.ts'
import {
  type BulkItem,
  bulkAnswer,
  type Inclusion,
  keepIncluded,
  planBulk,
  refuseItem,
} from '../plan/bulk-plan.ts'
import { listChanges } from '../plan/listing.ts'
import { withdraws } from '../plan/patch-plan.ts'
import { assertMay, assertMayWriteIn, mayReleaseIn } from '../policy.ts'
import { actionOf, facts } from '../store/apply-patch.ts'
import { findCategory } from '../store/category.ts'
import { readListings } from '../store/listed-state.ts'
import { lockPrompts } from '../store/lock-prompt.ts'
import { isUnbound, mustRelease, protectedLabelsOf, whoReleases } from '../store/release-guard.ts'
import { restoreSkills } from '../store/skill-guard.ts'
import { transactionQuery } from '../store/stored-prompt.ts'

/**
 * Archives, restores, tags or moves many prompts in one change: one transaction, one revision, one
 * notification. A prompt that cannot be changed has the reason in its result and keeps no other from it.
 * @returns a result for each name, and bodies that take everything back
 * @throws forbidden, too_large for more names than `limits.bulk_names`, invalid_input for an ETag of a name that is not
 *   among them, unprocessable for an unknown category, unavailable
 */
export const bulkPrompts = operation('bulkPrompts', run)

async function run(actor: Actor, input: BulkPromptsInput): Promise<BulkAnswer> {
  assertMay(actor, 'write')
  assertBounded(input)
  const names = [...new Set(input.names)]
  return change(actor, async (context) => {
    const { tx } = context
    // Before the prompts, as everywhere a category is locked: nobody waits in a circle.
    const category = await findCategory(tx, actor, input.patch.category ?? null)
    const found = await lockPrompts(tx, actor, names)
    const items = planBulk(names, found, input.patch, input.etags)
    await refuseForbidden(tx, actor, items, category?.id ?? null)
    if (input.patch.archived === true) keepIncluded(items, await readInclusions(tx, actor, items))
    if (input.patch.archived === false) await refuseTakenSkills(tx, actor, items)
    await carryOut(context, actor, items, category?.id ?? null)
    return bulkAnswer(items)
  })
}

function assertBounded({ names, etags = {} }: BulkPromptsInput): void {
  const limit = getRuntime().config.limits.bulk_names
  if (names.length > limit)
    throw overLimit('limits.bulk_names', `One request changes at most ${limit} prompts`, ['names'])
  const stray = Object.keys(etags).find((name) => !names.includes(name))
  if (stray === undefined) return
  const message = 'is not among `names`'
  throw appError('invalid_input', 'An ETag belongs to a prompt that is not named.', {
    details: [{ path: ['etags', stray], code: 'unknown_name', message }],
  })
}

/** Takes back the plans that the actor may not carry out, each with the reason. */
async function refuseForbidden(
  tx: Tx,
  actor: Actor,
  items: readonly BulkItem[],
  categoryId: string | null,
): Promise<void> {
  if (isUnbound(actor)) return
  const labels = await protectedLabelsOf(
    tx,
    actor,
    items.flatMap(({ plan, prompt }) => (plan !== undefined && withdraws(plan) && prompt ? [prompt.id] : [])),
  )
  const known = new Map<string | null, string[]>()
  const whoIn = async (id: string | null) => {
    const who = known.get(id) ?? (await whoReleases(tx, actor, id))
    known.set(id, who)
    return who
  }
  for (const item of items) {
    const { prompt, plan } = item
    if (prompt === undefined || plan === undefined) continue
    try {
      assertMayWriteIn(actor, prompt.category_id)
      if (plan.category !== undefined) assertMayWriteIn(actor, categoryId)
      const barred = labels.get(prompt.id)
      if (barred !== undefined && withdraws(plan) && !mayReleaseIn(actor, prompt.category_id))
        throw mustRelease(actor, prompt, { labels: barred, who: await whoIn(prompt.category_id) })
    } catch (error) {
      refuseItem(item, error)
    }
  }
}

/** Takes back the plans that restore a skill whose name is another's by now. */
async function refuseTakenSkills(tx: Tx, actor: Actor, items: readonly BulkItem[]): Promise<void> {
  const restored = items.flatMap(({ plan, prompt }) =>
    plan?.archived === false && prompt !== undefined ? [prompt] : [],
  )
  const { reasons } = await restoreSkills(transactionQuery(tx), actor.workspaceId, restored)
  for (const item of items) {
    const reason = item.prompt && reasons.get(item.prompt.id)
    if (reason !== undefined) refuseItem(item, reason)
  }
}

/** The prompts whose newest version includes those that are to be archived. */
function readInclusions(tx: Tx, actor: Actor, items: readonly BulkItem[]): Promise<Inclusion[]> {
  const ids = items.flatMap((item) => (item.plan?.archived === true && item.prompt ? [item.prompt.id] : []))
  return tx.$queryRaw<Inclusion[]>`
    SELECT DISTINCT i.included_prompt_id AS included_id, t.id AS user_id, t.name AS user_name
    FROM version_include i
    JOIN prompt_version v ON v.workspace_id = i.workspace_id AND v.id = i.version_id
    JOIN prompt_template t ON t.workspace_id = v.workspace_id AND t.id = v.prompt_id
      AND v.number = t.next_version - 1
    WHERE i.workspace_id = ${actor.workspaceId}::uuid AND i.included_prompt_id = ANY (${ids}::uuid[])
      AND i.depth = 1 AND t.id <> i.included_prompt_id AND t.archived_at IS NULL`
}

async function carryOut(
  { tx, record }: ChangeContext,
  actor: Actor,
  items: readonly BulkItem[],
  categoryId: string | null,
): Promise<void> {
  const planned = items.flatMap((item) =>
    item.prompt === undefined || item.plan === undefined
      ? []
      : [{ item, prompt: item.prompt, plan: item.plan }],
  )
  if (planned.length === 0) return
  const ids = planned.map(({ prompt }) => prompt.id)
  const before = await readListings(tx, actor.workspaceId, ids)
  const rows = planned.map(({ prompt, plan }) => ({
    id: prompt.id,
    category_id: plan.category === undefined ? prompt.category_id : categoryId,
    tags: plan.tags ?? prompt.tags,
    archived: plan.archived ?? prompt.archived,
  }))
  const revisions = await writeRows(tx, actor, rows)
  const after = await readListings(tx, actor.workspaceId, ids)
  for (const { item, prompt, plan } of planned) {
    item.etag = etagOf({ id: prompt.id, revision: revisions.get(prompt.id) ?? prompt.revision + 1 })
    const listing = after.get(prompt.id)
    record({
      action: actionOf(plan),
      target: { kind: 'prompt', id: prompt.id, name: prompt.name },
      ...facts(prompt, plan, []),
      lists: listing === undefined ? [] : listChanges(before.get(prompt.id), listing),
    })
  }
}

async function writeRows(tx: Tx, actor: Actor, rows: object[]): Promise<Map<string, number>> {
  const written = await tx.$queryRaw<{ id: string; revision: number }[]>`
    UPDATE prompt_template t SET category_id = n.category_id, tags = n.tags,
      archived_at = CASE WHEN n.archived THEN coalesce(t.archived_at, now()) END,
      revision = t.revision + 1, updated_by = ${actor.id}::uuid, updated_at = now()
    FROM json_to_recordset(${JSON.stringify(rows)}::json)
      AS n (id uuid, category_id uuid, tags text[], archived boolean)
    WHERE t.workspace_id = ${actor.workspaceId}::uuid AND t.id = n.id
    RETURNING t.id, t.revision`
  return new Map(written.map(({ id, revision }) => [id, revision]))
}
