import type { Actor } from '../../access/actor.ts'
import type { ChangeContext } from '../../db/change.ts'
import type { Tx } from '../../db/client.ts'
import { listChanges } from '../plan/listing.ts'
import {
  assertTagsAndAliases,
  isEmptyPlan,
  type PatchPlan,
  planPatch,
  withdraws,
} from '../plan/patch-plan.ts'
import { assertToolName } from '../plan/prepare-version.ts'
import { assertMayWriteIn } from '../policy.ts'
import type { PatchPromptInput } from '../schema.ts'
import { findCategory } from './category.ts'
import { assertNotIncluded } from './includes.ts'
import { readListing } from './listed-state.ts'
import { type LockedPrompt, touchPrompt } from './lock-prompt.ts'
import { assertNamesFree, type WantedName } from './names.ts'
import { assertMayWithdraw } from './release-guard.ts'
import { assertSkillNameFree } from './skill-guard.ts'
import { transactionQuery } from './stored-prompt.ts'

/** The names that a patch may take, for takingNames. */
export function wantedNames(input: PatchPromptInput): WantedName[] {
  return [
    ...(input.name === undefined ? [] : [{ name: input.name, path: ['name'] }]),
    ...(input.aliases ?? []).map((name, index) => ({ name, path: ['aliases', index] })),
  ]
}

/**
 * Changes a locked prompt as the patch says, and records it.
 * @returns whether anything changed
 * @throws conflict for a taken name or an archived prompt that others include, unprocessable, forbidden
 */
export async function applyPatch(
  { tx, record }: ChangeContext,
  actor: Actor,
  prompt: LockedPrompt,
  input: PatchPromptInput,
): Promise<boolean> {
  const aliases = await readAliases(tx, actor, prompt.id)
  const plan = planPatch(prompt, aliases, input)
  if (isEmptyPlan(plan)) return false
  const category = plan.category === undefined ? undefined : await findCategory(tx, actor, plan.category)
  await assertMayPatch(tx, actor, prompt, plan, category)
  await assertAllowed(tx, actor, prompt, { input, plan, aliases })
  const before = await readListing(tx, actor.workspaceId, prompt.id)
  await writeNames(tx, actor, prompt, plan)
  await touchPrompt(tx, actor, prompt, {
    ...(plan.name === undefined ? {} : { name: plan.name }),
    ...(category === undefined ? {} : { category_id: category?.id ?? null }),
    ...(plan.tags === undefined ? {} : { tags: plan.tags }),
    ...(plan.archived === undefined ? {} : { archived_at: plan.archived ? new Date() : null }),
  })
  const after = await readListing(tx, actor.workspaceId, prompt.id)
  record({
    action: actionOf(plan),
    target: { kind: 'prompt', id: prompt.id, name: plan.name ?? prompt.name },
    ...facts(prompt, plan, aliases),
    lists: after === undefined ? [] : listChanges(before, after),
  })
  return true
}

/**
 * The right to write covers the category before and after; what takes a prompt away from those who use it is a
 * release, where it has a protected label.
 * @throws forbidden
 */
async function assertMayPatch(
  tx: Tx,
  actor: Actor,
  prompt: LockedPrompt,
  plan: PatchPlan,
  category: { id: string } | null | undefined,
): Promise<void> {
  assertMayWriteIn(actor, prompt.category_id)
  if (category !== undefined) assertMayWriteIn(actor, category?.id ?? null)
  if (withdraws(plan)) await assertMayWithdraw(tx, actor, prompt)
}

async function readAliases(tx: Tx, actor: Actor, promptId: string): Promise<string[]> {
  const rows = await tx.promptName.findMany({
    where: { workspace_id: actor.workspaceId, prompt_id: promptId, is_alias: true },
    select: { name: true },
    orderBy: { name: 'asc' },
  })
  return rows.map((row) => row.name)
}

async function assertAllowed(
  tx: Tx,
  actor: Actor,
  prompt: LockedPrompt,
  { input, plan, aliases }: { input: PatchPromptInput; plan: PatchPlan; aliases: string[] },
): Promise<void> {
  const kept = aliases.filter((alias) => !plan.removeAliases.includes(alias))
  assertTagsAndAliases({ tags: plan.tags, aliases: [...kept, ...plan.addAliases] })
  await assertNamesFree(tx, actor, wantedNames(input), prompt.id)
  if (plan.archived === true) await assertNotIncluded(tx, actor, prompt)
  if (plan.name !== undefined) await assertToolRename(tx, actor, prompt, plan.name)
  await assertSkillFree(tx, actor, prompt, plan)
}

/** A version that is published as a tool goes by the prompt's name. */
async function assertToolRename(tx: Tx, actor: Actor, prompt: LockedPrompt, name: string): Promise<void> {
  const tool = await tx.promptVersion.findFirst({
    where: {
      workspace_id: actor.workspaceId,
      prompt_id: prompt.id,
      publish_tool: true,
      OR: [{ number: prompt.latest_version }, { labels: { some: {} } }],
    },
    select: { id: true },
  })
  assertToolName(name, { tool: tool !== null })
}

/** A prompt of which a version is published as a skill takes a name as one when it is renamed or restored. */
async function assertSkillFree(tx: Tx, actor: Actor, prompt: LockedPrompt, plan: PatchPlan): Promise<void> {
  if (plan.archived === true || (plan.name === undefined && plan.archived === undefined)) return
  const own = { workspace_id: actor.workspaceId, prompt_id: prompt.id }
  const skill = await tx.promptVersion.findFirst({
    where: { ...own, publish_skill: true },
    select: { id: true },
  })
  if (skill === null) return
  const name = plan.name ?? prompt.name
  await assertSkillNameFree(transactionQuery(tx), actor.workspaceId, name, [prompt.name])
}

async function writeNames(tx: Tx, actor: Actor, prompt: LockedPrompt, plan: PatchPlan): Promise<void> {
  const workspace = { workspace_id: actor.workspaceId }
  const own = { ...workspace, prompt_id: prompt.id }
  // An alias that becomes the name leaves its row as well: the new name gets one below.
  const gone = plan.removeAliases
  if (gone.length > 0)
    await tx.promptName.deleteMany({ where: { ...own, name: { in: gone }, is_alias: true } })
  if (plan.name !== undefined) {
    const where = { workspace_id_name: { ...workspace, name: prompt.name } }
    await tx.promptName.update({ where, data: { is_alias: true }, select: { name: true } })
    await tx.promptName.create({ data: { ...own, name: plan.name, is_alias: false }, select: { name: true } })
    await tx.promptSearch.updateMany({ where: own, data: { name: plan.name } })
  }
  const added = plan.addAliases.filter((alias) => alias !== prompt.name)
  if (added.length > 0)
    await tx.promptName.createMany({ data: added.map((name) => ({ ...own, name, is_alias: true })) })
}

/** The action that the audit log names. */
export function actionOf({ archived, name, category, tags }: PatchPlan): string {
  const isMore = name !== undefined || category !== undefined || tags !== undefined
  if (archived === undefined || isMore) return 'prompt.update'
  return archived ? 'prompt.archive' : 'prompt.restore'
}

/** What was and what is, of the fields that changed. */
export function facts(prompt: LockedPrompt, plan: PatchPlan, aliases: string[]) {
  const { addAliases, removeAliases, ...fields } = plan
  const { name, category, tags, archived } = prompt
  const old: Record<string, unknown> = { name, category, tags, archived }
  const before = Object.fromEntries(Object.keys(fields).map((key) => [key, old[key]]))
  if (addAliases.length + removeAliases.length === 0) return { before, after: { ...fields } }
  const now = aliases.filter((alias) => !removeAliases.includes(alias))
  return {
    before: { ...before, aliases },
    after: { ...fields, aliases: [...now, ...addAliases].toSorted() },
  }
}
