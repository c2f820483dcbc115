import type { Actor } from '../../access/actor.ts'
import { whoMay } from '../../access/who-may.ts'
import type { Tx } from '../../db/client.ts'
import { type AppError, appError } from '../../errors.ts'
import { protectedAmong } from '../../label-rules/protected-labels.ts'
import { PRODUCTION } from '../name.ts'
import { assertMayWriteIn, may, mayReleaseIn, mayWriteIn } from '../policy.ts'
import type { Note } from '../schema.ts'

/** A prompt, as far as rights depend on it. */
interface Guarded {
  name: string
  category_id: string | null
}

/**
 * Refuses to set, move or remove labels that are protected to whom may not release in the prompt's category, and
 * others to whom may not write there.
 * @throws forbidden that names who may
 */
export async function assertMayMove(
  tx: Tx,
  actor: Actor,
  prompt: Guarded,
  labels: readonly string[],
): Promise<void> {
  if (labels.length === 0 || mayReleaseIn(actor, prompt.category_id)) return
  const barred = [...(await protectedAmong(tx, actor.workspaceId, labels))]
  if (barred.length === 0) return assertMayWriteIn(actor, prompt.category_id)
  throw mustRelease(actor, prompt, { labels: barred, who: await whoReleases(tx, actor, prompt.category_id) })
}

/** The protected labels of each of the prompts, by its id. */
export async function protectedLabelsOf(
  tx: Tx,
  actor: Actor,
  promptIds: readonly string[],
): Promise<Map<string, string[]>> {
  const { workspaceId } = actor
  const rows = await tx.$queryRaw<{ prompt_id: string; label: string }[]>`
    SELECT prompt_id, label FROM prompt_label
    WHERE workspace_id = ${workspaceId}::uuid AND prompt_id = ANY (${promptIds}::uuid[]) ORDER BY label`
  const barred = await protectedAmong(tx, workspaceId, [...new Set(rows.map(({ label }) => label))])
  const found = new Map<string, string[]>()
  for (const { prompt_id, label } of rows)
    if (barred.has(label)) found.set(prompt_id, [...(found.get(prompt_id) ?? []), label])
  return found
}

/**
 * Refuses what takes a prompt away from those who use it (archive, restore, another name, an alias less) while it
 * has a protected label, to whom may not release.
 * @throws forbidden that names who may
 */
export async function assertMayWithdraw(
  tx: Tx,
  actor: Actor,
  prompt: Guarded & { id: string },
): Promise<void> {
  if (mayReleaseIn(actor, prompt.category_id)) return
  const labels = (await protectedLabelsOf(tx, actor, [prompt.id])).get(prompt.id)
  if (labels === undefined) return
  throw mustRelease(actor, prompt, { labels, who: await whoReleases(tx, actor, prompt.category_id) })
}

/** Who may release in a category; for a prompt without one, who may release everywhere. */
export function whoReleases(tx: Tx, actor: Actor, categoryId: string | null): Promise<string[]> {
  return whoMay(tx, actor, 'prompts:release', categoryId)
}

/** The refusal of what only who may release does. */
export function mustRelease(
  actor: Actor,
  { name }: Pick<Guarded, 'name'>,
  { labels, who }: { labels: readonly string[]; who: readonly string[] },
): AppError {
  const named = labels.map((label) => `"${label}"`).join(', ')
  const said = may(actor, 'release')
    ? `Your right to release is limited to other categories than that of "${name}" (protected: ${named}).`
    : `The label ${named} is protected, so this change of "${name}" takes the right prompts:release.`
  return appError('forbidden', `${said} ${sentence(who)}`.trim(), {
    extra: { required_scope: 'prompts:release', labels, ...(who.length > 0 && { who }) },
  })
}

function sentence(who: readonly string[]): string {
  if (who.length === 0) return ''
  const last = who.at(-1) ?? ''
  return `Ask ${who.length === 1 ? last : `${who.slice(0, -1).join(', ')} or ${last}`}.`
}

/**
 * The labels of a first version: those that were named; left out, `production` where the actor may release.
 * @throws forbidden that names who may set them
 */
export async function firstLabels(
  tx: Tx,
  actor: Actor,
  prompt: Guarded,
  named: readonly string[] | undefined,
): Promise<{ labels: string[]; notes: Note[] }> {
  if (named !== undefined) {
    const labels = [...new Set(named)]
    await assertMayMove(tx, actor, prompt, labels)
    return { labels, notes: [] }
  }
  if (mayReleaseIn(actor, prompt.category_id)) return { labels: [PRODUCTION], notes: [] }
  const who = await whoReleases(tx, actor, prompt.category_id)
  const message = `Agents do not get "${prompt.name}" yet: the label "${PRODUCTION}" takes the right prompts:release. It is set on the prompt's page, or with PUT /api/prompts/${prompt.name}/labels/${PRODUCTION} {"version": 1}.`
  return { labels: [], notes: [{ code: 'not_released', message: `${message} ${sentence(who)}`.trim() }] }
}

/** Whether nothing of this has to be looked up: the actor may do all of it everywhere. */
export function isUnbound(actor: Actor): boolean {
  return mayReleaseIn(actor, null) && mayWriteIn(actor, null)
}
