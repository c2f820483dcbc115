import type { Actor } from '../../access/actor.ts'
import type { AuditEntry, ChangeContext } from '../../db/change.ts'
import type { Tx } from '../../db/client.ts'
import { insertRows } from '../../db/insert-rows.ts'
import { appError } from '../../errors.ts'
import { newId } from '../../id.ts'
import type { BrokenLabel } from '../impact/schema.ts'
import { listChanges } from '../plan/listing.ts'
import { readContent } from '../render/compiled-version.ts'
import { readListings } from '../store/listed-state.ts'
import { transactionQuery } from '../store/stored-prompt.ts'
import { searchRow } from '../store/write-version.ts'
import type { NameHolder, RevertedPrompt } from './reverted.ts'
import { otherNames } from './state.ts'
import { deleteAliases, insertAliases } from './write.ts'

const isGoing = ({ effect }: RevertedPrompt) => effect.created || effect.restored
/** Whether it gets a version with what was there before. */
const isBack = ({ effect }: RevertedPrompt) => !effect.created && effect.to_version > effect.from_version

interface Reverting {
  prompts: readonly RevertedPrompt[]
  holders: readonly NameHolder[]
  /** What labels break that move back, by the id of their prompt. */
  broken: ReadonlyMap<string, BrokenLabel[]>
}

/** Writes the way back of prompts that did not change since. */
export async function writeReverted(
  { tx, record }: ChangeContext,
  actor: Actor,
  { prompts, holders, broken }: Reverting,
): Promise<{ archived: number; reverted: number; labels: number }> {
  const ids = prompts.map(({ id }) => id)
  const before = await readListings(tx, actor.workspaceId, ids)
  const back = prompts.filter(isBack)
  await updatePrompts(tx, actor, prompts)
  const renamed = await aliasesBack(tx, actor, prompts, holders)
  await copyVersions(tx, actor, back)
  const moved = prompts.filter(({ effect }) => !effect.created).flatMap(movesBack)
  await moveBack(tx, actor, moved)
  const after = await readListings(tx, actor.workspaceId, ids)
  for (const prompt of prompts) {
    const listing = after.get(prompt.id)
    const { after: is, ...entry } = entryOf({ ...prompt, name: renamed.get(prompt.id) ?? prompt.name })
    const breaking = broken.get(prompt.id)
    record({
      ...entry,
      after: { ...is, ...(breaking !== undefined && { breaking }) },
      lists: listing === undefined ? [] : listChanges(before.get(prompt.id), listing),
    })
  }
  return { archived: prompts.filter(isGoing).length, reverted: back.length, labels: moved.length }
}

async function updatePrompts(tx: Tx, actor: Actor, prompts: readonly RevertedPrompt[]): Promise<void> {
  const rows = prompts.map((prompt) => ({
    id: prompt.id,
    added: isBack(prompt) ? 1 : 0,
    going: isGoing(prompt),
    moved: prompt.effect.shelf?.category !== undefined,
    category: prompt.effect.shelf?.category?.id,
    tags: prompt.effect.shelf?.tags,
  }))
  await tx.$executeRaw`
    UPDATE prompt_template t SET next_version = t.next_version + n.added, revision = t.revision + 1,
      archived_at = CASE WHEN n.going THEN coalesce(t.archived_at, now()) ELSE t.archived_at END,
      category_id = CASE WHEN n.moved THEN n.category ELSE t.category_id END, tags = coalesce(n.tags, t.tags),
      updated_by = ${actor.id}::uuid, updated_at = now()
    FROM json_to_recordset(${JSON.stringify(rows)}::json)
      AS n (id uuid, added integer, going boolean, moved boolean, category uuid, tags text[])
    WHERE t.workspace_id = ${actor.workspaceId}::uuid AND t.id = n.id`
}

/**
 * Aliases that came go, and those that went come back. A prompt that the import made by such a name gets another one,
 * since it goes to the archive and not away.
 * @returns names of prompts that have another one then, by id
 */
async function aliasesBack(
  tx: Tx,
  actor: Actor,
  prompts: readonly RevertedPrompt[],
  holders: readonly NameHolder[],
): Promise<Map<string, string>> {
  const of = (which: 'added' | 'removed') =>
    prompts.flatMap(({ id, effect }) => (effect.shelf?.[which] ?? []).map((name) => ({ id, name })))
  await deleteAliases(tx, actor, [...of('added'), ...holders.filter(({ isAlias }) => isAlias)])
  const renamed = await renameAll(
    tx,
    actor,
    holders.filter(({ isAlias }) => !isAlias),
  )
  await insertAliases(tx, actor, of('removed'))
  return renamed
}

async function renameAll(
  tx: Tx,
  actor: Actor,
  prompts: readonly { id: string; name: string }[],
): Promise<Map<string, string>> {
  if (prompts.length === 0) return new Map()
  const tried = prompts.flatMap(({ name }) => otherNames(name))
  const found = await tx.$queryRaw<{ name: string }[]>`
    SELECT name FROM prompt_name WHERE workspace_id = ${actor.workspaceId}::uuid AND name = ANY (${tried}::text[])`
  const taken = new Set(found.map(({ name }) => name))
  const rows = prompts.map(({ id, name }) => {
    // The id is nobody's name.
    const free = otherNames(name).find((other) => !taken.has(other)) ?? id
    taken.add(free)
    return { id, old: name, name: free }
  })
  const json = JSON.stringify(rows)
  await tx.$executeRaw`
    UPDATE prompt_name n SET name = r.name FROM json_to_recordset(${json}::json) AS r (id uuid, old text, name text)
    WHERE n.workspace_id = ${actor.workspaceId}::uuid AND n.prompt_id = r.id AND n.name = r.old`
  await tx.$executeRaw`
    UPDATE prompt_template t SET name = r.name FROM json_to_recordset(${json}::json) AS r (id uuid, name text)
    WHERE t.workspace_id = ${actor.workspaceId}::uuid AND t.id = r.id`
  await tx.$executeRaw`
    UPDATE prompt_search s SET name = r.name FROM json_to_recordset(${json}::json) AS r (id uuid, name text)
    WHERE s.workspace_id = ${actor.workspaceId}::uuid AND s.prompt_id = r.id`
  return new Map(rows.map(({ id, name }) => [id, name]))
}

interface VersionRow {
  id: string
  prompt_id: string
  redacted_at: string | null
  kind: 'text' | 'chat'
  content: string
  title: string
  description: string
  [column: string]: unknown
}

const OLD = `SELECT row_to_json(v) AS version FROM unnest($2::uuid[], $3::integer[]) AS w (prompt_id, number)
  JOIN prompt_version v ON v.workspace_id = $1::uuid AND v.prompt_id = w.prompt_id AND v.number = w.number`

/** Versions never change: what was there before comes again, as a new one. */
async function copyVersions(tx: Tx, actor: Actor, prompts: readonly RevertedPrompt[]): Promise<void> {
  if (prompts.length === 0) return
  const query = transactionQuery(tx)
  const rows = await query<{ version: VersionRow }>(OLD, [
    actor.workspaceId,
    prompts.map(({ id }) => id),
    prompts.map(({ effect }) => effect.from_version),
  ])
  const owners = new Map(prompts.map((prompt) => [prompt.id, prompt]))
  const copies = rows.map(({ version }) => copyOf(actor, version, owners.get(version.prompt_id)))
  await insertRows(
    tx,
    'prompt_version',
    copies.map(({ row }) => row),
  )
  const pairs = JSON.stringify(copies.map(({ from, row }) => ({ old: from, new: row.id })))
  await tx.$executeRaw`
    INSERT INTO version_include (workspace_id, version_id, ref, included_version_id, included_prompt_id, depth)
    SELECT i.workspace_id, p.new, i.ref, i.included_version_id, i.included_prompt_id, i.depth
    FROM json_to_recordset(${pairs}::json) AS p (old uuid, new uuid)
    JOIN version_include i ON i.workspace_id = ${actor.workspaceId}::uuid AND i.version_id = p.old`
  await insertRows(
    tx,
    'prompt_search',
    rows.map(({ version }) => {
      const { prompt_id: id, title, description, kind, content } = version
      const owner = { id, name: owners.get(id)?.name ?? '' }
      return searchRow(actor, owner, { title, description, content: readContent(kind, content) })
    }),
    `ON CONFLICT (workspace_id, prompt_id) DO UPDATE SET title = excluded.title, description = excluded.description,
      body = excluded.body`,
  )
}

function copyOf(actor: Actor, version: VersionRow, owner: RevertedPrompt | undefined) {
  const { content_json: _, created_at: __, ...row } = version
  if (row.redacted_at !== null) {
    const message = `Version ${owner?.effect.from_version} of "${owner?.name}" was redacted: what was there before is gone.`
    throw appError('conflict', `The import cannot be taken back. ${message}`, {
      details: [{ path: ['id'], code: 'redacted', message }],
    })
  }
  const message = `Back to version ${owner?.effect.from_version}: an import was taken back`
  return {
    from: row.id,
    row: {
      ...row,
      workspace_id: actor.workspaceId,
      id: newId(),
      number: (owner?.latest ?? 0) + 1,
      message,
      created_by: actor.id,
    },
  }
}

interface MoveBack {
  prompt_id: string
  label: string
  from: number
  to: number | null
}

function movesBack({ id, effect }: RevertedPrompt): MoveBack[] {
  return effect.labels.map(({ label, from, to }) => ({ prompt_id: id, label, from: to, to: from }))
}

async function moveBack(tx: Tx, actor: Actor, moves: readonly MoveBack[]): Promise<void> {
  if (moves.length === 0) return
  const json = JSON.stringify(moves)
  await tx.$executeRaw`
    UPDATE prompt_label l SET version_number = m.to, updated_by = ${actor.id}::uuid, updated_at = now()
    FROM json_to_recordset(${json}::json) AS m (prompt_id uuid, label text, "to" integer)
    WHERE l.workspace_id = ${actor.workspaceId}::uuid AND l.prompt_id = m.prompt_id AND l.label = m.label AND m.to IS NOT NULL`
  await tx.$executeRaw`
    DELETE FROM prompt_label l USING json_to_recordset(${json}::json) AS m (prompt_id uuid, label text, "to" integer)
    WHERE l.workspace_id = ${actor.workspaceId}::uuid AND l.prompt_id = m.prompt_id AND l.label = m.label AND m.to IS NULL`
  await insertRows(
    tx,
    'label_event',
    moves.map(({ prompt_id, label, from, to }) => ({
      id: newId(),
      workspace_id: actor.workspaceId,
      prompt_id,
      label,
      from_version: from,
      to_version: to,
      actor_id: actor.id,
    })),
  )
}

function entryOf(prompt: RevertedPrompt): AuditEntry {
  const { id, name, effect, latest } = prompt
  const target = { kind: 'prompt', id, name }
  const labels = effect.created ? [] : effect.labels.map(({ label }) => label)
  const isLeaving = isGoing(prompt) && !prompt.archived
  const was = isLeaving ? { archived: false } : {}
  const is = isLeaving ? { archived: true } : {}
  if (isBack(prompt)) {
    const after = { version: latest + 1, from: effect.from_version, labels, ...is }
    return { action: 'version.create', target, before: { version: latest, ...was }, after }
  }
  if (isGoing(prompt))
    return {
      action: 'prompt.archive',
      target,
      before: { archived: false },
      after: { archived: true, ...(labels.length > 0 && { labels }) },
    }
  const [first] = effect.labels
  if (effect.shelf !== undefined) {
    const { category, tags, added, removed } = effect.shelf
    const after = { ...(category && { category: category.slug }), ...(tags && { tags }) }
    const aliases =
      added.length + removed.length > 0 ? { aliases_removed: added, aliases_added: removed } : {}
    return { action: 'prompt.update', target, before: {}, after: { ...after, ...aliases, labels } }
  }
  return {
    action: 'label.set',
    target,
    before: { label: first?.label, version: first?.to },
    after: { labels, version: first?.from ?? null },
  }
}
