import type { Actor } from '../../access/actor.ts'
import type { Tx } from '../../db/client.ts'
import { appError } from '../../errors.ts'
import { assertMayWriteIn, mayReleaseIn } from '../policy.ts'
import type { SaveEffect } from '../saving-schema.ts'
import { isUnbound, mustRelease, protectedLabelsOf, whoReleases } from '../store/release-guard.ts'
import { transactionQuery } from '../store/stored-prompt.ts'

/** A prompt that an import touched, as it is now. */
export interface RevertedPrompt {
  effect: SaveEffect
  id: string
  name: string
  category_id: string | null
  archived: boolean
  revision: number
  latest: number
  labels: Record<string, number>
}

const LOCK = `SELECT id FROM prompt_template WHERE workspace_id = $1::uuid AND id = ANY ($2::uuid[])
  ORDER BY id FOR NO KEY UPDATE`
const READ = `SELECT t.id, t.name, t.category_id, t.archived_at IS NOT NULL AS archived, t.revision,
    t.next_version - 1 AS latest, coalesce((SELECT json_object_agg(l.label, l.version_number) FROM prompt_label l
      WHERE l.workspace_id = t.workspace_id AND l.prompt_id = t.id), '{}') AS labels
  FROM prompt_template t WHERE t.workspace_id = $1::uuid AND t.id = ANY ($2::uuid[])`

/** Locks and reads the prompts of an import. */
export async function readReverted(
  tx: Tx,
  { workspaceId }: Actor,
  effects: readonly SaveEffect[],
): Promise<RevertedPrompt[]> {
  const query = transactionQuery(tx)
  const values = [workspaceId, effects.map(({ prompt_id }) => prompt_id)]
  await query(LOCK, values)
  const rows = await query<Omit<RevertedPrompt, 'effect'>>(READ, values)
  const byId = new Map(rows.map((row) => [row.id, row]))
  return effects.flatMap((effect) => {
    const row = byId.get(effect.prompt_id)
    return row === undefined ? [] : [{ ...row, effect }]
  })
}

/** @throws conflict that names what changed since, forbidden */
export async function assertUnchanged(
  tx: Tx,
  actor: Actor,
  prompts: readonly RevertedPrompt[],
  holders: readonly NameHolder[],
): Promise<void> {
  await assertAllowed(tx, actor, prompts)
  const changed = prompts.flatMap((prompt) => {
    const what = whatChanged(prompt)
    return what === undefined ? [] : [{ name: prompt.name, what }]
  })
  const used = await readUsers(tx, actor, prompts)
  const shelves = await lostShelves(tx, actor, prompts, holders)
  const all = [
    ...changed,
    ...shelves,
    ...used.map(({ name, user }) => ({ name, what: `is included by "${user}"` })),
  ]
  if (all.length === 0) return
  const shown = all.slice(0, 10).map(({ name, what }) => `"${name}" ${what}`)
  const more = all.length > shown.length ? `; and ${all.length - shown.length} more` : ''
  throw appError('conflict', `The import cannot be taken back: ${shown.join('; ')}${more}.`, {
    details: all.slice(0, 100).map(({ name, what }) => ({
      path: ['id'],
      code: 'changed_since',
      message: `"${name}" ${what}`,
    })),
    extra: { changed: [...new Set(all.map(({ name }) => name))].slice(0, 1000) },
  })
}

function whatChanged({
  effect,
  name,
  latest,
  revision,
  archived,
  labels,
}: RevertedPrompt): string | undefined {
  if (revision === effect.revision) return undefined
  if (latest !== effect.to_version) return `has a version ${latest} since`
  if (name !== effect.name) return `was called "${effect.name}" then`
  const moved = effect.labels.find(({ label, to }) => labels[label] !== to)
  if (moved !== undefined) return `has its label "${moved.label}" elsewhere since`
  return archived ? 'was archived since' : 'was changed since'
}

/** What is archived is taken away from those who use it: a release, where it has a protected label. */
async function assertAllowed(tx: Tx, actor: Actor, prompts: readonly RevertedPrompt[]): Promise<void> {
  if (isUnbound(actor)) return
  const labels = await protectedLabelsOf(
    tx,
    actor,
    prompts.map(({ id }) => id),
  )
  for (const prompt of prompts) {
    assertMayWriteIn(actor, prompt.category_id)
    const { effect } = prompt
    if (effect.shelf?.category !== undefined) assertMayWriteIn(actor, effect.shelf.category.id)
    const barred = labels.get(prompt.id) ?? []
    const isWithdrawn = effect.created || effect.restored || (effect.shelf?.added.length ?? 0) > 0
    const touched = isWithdrawn ? barred : effect.labels.map(({ label }) => label)
    if (touched.length > 0 && !mayReleaseIn(actor, prompt.category_id))
      throw mustRelease(actor, prompt, {
        labels: touched,
        who: await whoReleases(tx, actor, prompt.category_id),
      })
  }
}

/** Who has an alias that is to come back. */
export interface NameHolder {
  id: string
  name: string
  isAlias: boolean
  /** The holder goes back itself, and gives it up. */
  isFreed: boolean
}

/** Reads who has the aliases by now that prompts are to have again. */
export async function readHolders(
  tx: Tx,
  { workspaceId }: Actor,
  prompts: readonly RevertedPrompt[],
): Promise<NameHolder[]> {
  const aliases = prompts.flatMap(({ effect }) => effect.shelf?.removed ?? [])
  if (aliases.length === 0) return []
  const rows = await tx.$queryRaw<Omit<NameHolder, 'isFreed'>[]>`
    SELECT prompt_id AS id, name, is_alias AS "isAlias" FROM prompt_name
    WHERE workspace_id = ${workspaceId}::uuid AND name = ANY (${aliases}::text[])`
  const effects = new Map(prompts.map(({ id, effect }) => [id, effect]))
  return rows.map((row) => {
    const effect = effects.get(row.id)
    const isFreed = effect?.created === true || effect?.shelf?.added.includes(row.name) === true
    return { ...row, isFreed }
  })
}

/** Categories that are gone, and aliases that somebody else has by now. */
async function lostShelves(
  tx: Tx,
  { workspaceId }: Actor,
  prompts: readonly RevertedPrompt[],
  holders: readonly NameHolder[],
) {
  const shelves = prompts.flatMap(({ name, effect }) => (effect.shelf ? [{ name, ...effect.shelf }] : []))
  if (shelves.length === 0) return []
  const categories = new Set(shelves.flatMap(({ category }) => category?.id ?? []))
  const known = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM category WHERE workspace_id = ${workspaceId}::uuid AND id = ANY (${[...categories]}::uuid[])`
  const there = new Set(known.map(({ id }) => id))
  const used = new Set(holders.flatMap(({ name, isFreed }) => (isFreed ? [] : [name])))
  return shelves.flatMap(({ name, category, removed }) => [
    ...(category?.id && !there.has(category.id)
      ? [{ name, what: `was in the category "${category.slug}", which is gone` }]
      : []),
    ...removed
      .filter((alias) => used.has(alias))
      .map((alias) => ({ name, what: `had the alias "${alias}", which is another prompt's by now` })),
  ])
}

/** Prompts that stay, and whose newest version includes one that is to be archived. */
function readUsers(tx: Tx, { workspaceId }: Actor, prompts: readonly RevertedPrompt[]) {
  const going = prompts.flatMap(({ id, effect }) => (effect.created || effect.restored ? [id] : []))
  const reverting = prompts.map(({ id }) => id)
  return tx.$queryRaw<{ name: string; user: string }[]>`
    SELECT DISTINCT o.name, t.name AS user FROM version_include i
    JOIN prompt_version v ON v.workspace_id = i.workspace_id AND v.id = i.version_id
    JOIN prompt_template t ON t.workspace_id = v.workspace_id AND t.id = v.prompt_id AND v.number = t.next_version - 1
    JOIN prompt_template o ON o.workspace_id = i.workspace_id AND o.id = i.included_prompt_id
    WHERE i.workspace_id = ${workspaceId}::uuid AND i.included_prompt_id = ANY (${going}::uuid[])
      AND i.depth = 1 AND t.id <> ALL (${reverting}::uuid[]) AND t.archived_at IS NULL
    ORDER BY o.name, t.name LIMIT 100`
}
