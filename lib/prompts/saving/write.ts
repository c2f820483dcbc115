import type { Actor } from '../../access/actor.ts'
import type { AuditEntry, ChangeContext } from '../../db/change.ts'
import type { Tx } from '../../db/client.ts'
import { insertRows } from '../../db/insert-rows.ts'
import { newId } from '../../id.ts'
import { inSlices } from '../../pacing.ts'
import { LATEST } from '../name.ts'
import { type Listing, listChanges } from '../plan/listing.ts'
import type { PreparedVersion } from '../plan/prepare-version.ts'
import type { SaveEffect, ShelfEffect } from '../saving-schema.ts'
import { readListings } from '../store/listed-state.ts'
import { includeRows, searchRow, versionFacts, versionRow } from '../store/write-version.ts'
import { isWritten, type PlannedPrompt } from './planned.ts'

/** Writes what was planned, a few statements for all of it, and records one line of the log for each prompt. */
export async function writePlanned(
  { tx, record }: ChangeContext,
  actor: Actor,
  all: readonly PlannedPrompt[],
): Promise<void> {
  const planned = all.filter(isWritten)
  const made = planned.filter(({ existing }) => existing === undefined)
  const changed = planned.filter(({ existing }) => existing !== undefined)
  const ids = changed.map(({ id }) => id)
  const before = await readListings(tx, actor.workspaceId, ids)
  // First: a name that one gives up is another's in the same change.
  await deleteAliases(tx, actor, changed.flatMap(aliasesGone))
  await insertPrompts(tx, actor, made)
  const revisions = await updatePrompts(tx, actor, changed)
  await insertVersions(tx, actor, planned)
  await writeLabels(tx, actor, planned)
  const after = await readListings(tx, actor.workspaceId, ids)
  const breathe = inSlices()
  for (const each of planned) {
    each.saved.effect = effectOf(each, revisions.get(each.id) ?? 1)
    each.saved.labels = [...each.moves].flatMap(([label, to]) => (to === each.saved.version ? [label] : []))
    const listing = after.get(each.id) ?? listingOf(each)
    record({ ...entryOf(each), lists: listChanges(before.get(each.id), listing) })
    await breathe()
  }
}

async function insertPrompts(tx: Tx, actor: Actor, made: readonly PlannedPrompt[]): Promise<void> {
  const workspace = { workspace_id: actor.workspaceId }
  const prompts = made.map(({ id, saved, categoryId, versions }) => ({
    ...workspace,
    id,
    name: saved.name,
    category_id: categoryId,
    tags: saved.tags,
    revision: 1,
    next_version: (versions.at(-1)?.number ?? 0) + 1,
    created_by: actor.id,
    updated_by: actor.id,
  }))
  const names = made.flatMap(({ id, saved, aliases }) => [
    { ...workspace, name: saved.name, prompt_id: id, is_alias: false },
    ...aliases.map((name) => ({ ...workspace, name, prompt_id: id, is_alias: true })),
  ])
  await insertRows(tx, 'prompt_template', prompts)
  await insertRows(tx, 'prompt_name', names)
}

/** @returns their revisions then, by id */
async function updatePrompts(
  tx: Tx,
  actor: Actor,
  changed: readonly PlannedPrompt[],
): Promise<Map<string, number>> {
  if (changed.length === 0) return new Map()
  // Numbers may be left out between them.
  const rows = changed.map(({ id, existing, versions, shelf }) => ({
    id,
    next: (versions.at(-1)?.number ?? existing?.latest ?? 0) + 1,
    moved: shelf?.category !== undefined,
    category: shelf?.category?.id,
    tags: shelf?.tags,
  }))
  await insertAliases(tx, actor, changed.flatMap(aliasesCome))
  const written = await tx.$queryRaw<{ id: string; revision: number }[]>`
    UPDATE prompt_template t SET next_version = n.next, archived_at = NULL,
      category_id = CASE WHEN n.moved THEN n.category ELSE t.category_id END, tags = coalesce(n.tags, t.tags),
      revision = t.revision + 1, updated_by = ${actor.id}::uuid, updated_at = now()
    FROM json_to_recordset(${JSON.stringify(rows)}::json) AS n (id uuid, next integer, moved boolean, category uuid, tags text[])
    WHERE t.workspace_id = ${actor.workspaceId}::uuid AND t.id = n.id
    RETURNING t.id, t.revision`
  return new Map(written.map(({ id, revision }) => [id, revision]))
}

const aliasesGone = ({ id, shelf }: PlannedPrompt): Alias[] =>
  (shelf?.removed ?? []).map((name) => ({ id, name }))
const aliasesCome = ({ id, aliases }: PlannedPrompt): Alias[] => aliases.map((name) => ({ id, name }))

/** An alias, and the id of its prompt. */
interface Alias {
  id: string
  name: string
}

/** Takes aliases away from their prompts. */
export async function deleteAliases(tx: Tx, actor: Actor, aliases: readonly Alias[]): Promise<void> {
  if (aliases.length === 0) return
  await tx.$executeRaw`
    DELETE FROM prompt_name n USING json_to_recordset(${JSON.stringify(aliases)}::json) AS g (id uuid, name text)
    WHERE n.workspace_id = ${actor.workspaceId}::uuid AND n.prompt_id = g.id AND n.name = g.name AND n.is_alias`
}

/** Gives prompts aliases that nobody has. */
export async function insertAliases(tx: Tx, actor: Actor, aliases: readonly Alias[]): Promise<void> {
  const rows = aliases.map(({ id, name }) => ({
    workspace_id: actor.workspaceId,
    name,
    prompt_id: id,
    is_alias: true,
  }))
  await insertRows(tx, 'prompt_name', rows)
}

async function insertVersions(tx: Tx, actor: Actor, planned: readonly PlannedPrompt[]): Promise<void> {
  const written = planned.flatMap(({ id: promptId, versions }) =>
    versions.flatMap(({ number, prepared }) =>
      prepared === undefined ? [] : [{ id: prepared.node.id, promptId, number, version: prepared.version }],
    ),
  )
  const search = planned.flatMap((each) => {
    const newest = newestOf(each)
    return newest === undefined ? [] : [searchRow(actor, { id: each.id, name: each.saved.name }, newest)]
  })
  await insertRows(
    tx,
    'prompt_version',
    written.map((each) => versionRow(actor, each)),
  )
  await insertRows(
    tx,
    'version_include',
    written.flatMap(({ id, version }) => includeRows(actor, id, version.pins)),
  )
  const taken = 'ON CONFLICT (workspace_id, prompt_id) DO UPDATE SET'
  const columns = ['name', 'title', 'description', 'body'].map((column) => `${column} = excluded.${column}`)
  await insertRows(tx, 'prompt_search', search, `${taken} ${columns.join(', ')}`)
}

function newestOf({ versions }: PlannedPrompt): PreparedVersion | undefined {
  return versions.at(-1)?.prepared?.version
}

async function writeLabels(tx: Tx, actor: Actor, planned: readonly PlannedPrompt[]): Promise<void> {
  const moves = planned.flatMap(({ id, existing, moves }) =>
    [...moves].map(([label, to]) => ({
      prompt_id: id,
      label,
      from: existing?.labels.get(label) ?? null,
      to,
    })),
  )
  const workspace = { workspace_id: actor.workspaceId }
  const at = new Date().toISOString()
  const labels = moves.map(({ prompt_id, label, to }) => ({
    ...workspace,
    prompt_id,
    label,
    version_number: to,
    updated_by: actor.id,
    updated_at: at,
  }))
  const events = moves.map(({ prompt_id, label, from, to }) => ({
    id: newId(),
    ...workspace,
    prompt_id,
    label,
    from_version: from,
    to_version: to,
    actor_id: actor.id,
  }))
  await insertRows(
    tx,
    'prompt_label',
    labels,
    `ON CONFLICT (workspace_id, prompt_id, label) DO UPDATE SET version_number = excluded.version_number,
      updated_by = excluded.updated_by, updated_at = excluded.updated_at`,
  )
  await insertRows(tx, 'label_event', events)
}

function effectOf(planned: PlannedPrompt, revision: number): SaveEffect {
  const { id, existing, saved, moves } = planned
  const shelf = shelfEffect(planned)
  return {
    revision,
    prompt_id: id,
    name: saved.name,
    created: existing === undefined,
    restored: existing?.archived === true,
    from_version: existing?.latest ?? 0,
    to_version: saved.version ?? existing?.latest ?? 0,
    labels: [...moves].map(([label, to]) => ({ label, from: existing?.labels.get(label) ?? null, to })),
    ...(shelf !== undefined && { shelf }),
  }
}

function shelfEffect({ existing, shelf, aliases }: PlannedPrompt): ShelfEffect | undefined {
  if (existing === undefined || shelf === undefined) return undefined
  const { category_id: id, category: slug, tags } = existing
  return {
    ...(shelf.category !== undefined && { category: { id, slug } }),
    ...(shelf.tags !== undefined && { tags }),
    added: aliases,
    removed: shelf.removed,
  }
}

/** What lists show of a new prompt. */
function listingOf({ saved, moves, versions }: PlannedPrompt): Listing {
  const named = new Map([...moves, [LATEST, saved.version]])
  const labels = [...named].flatMap(([label, number]) => {
    const version = versions.find((each) => each.number === number)?.prepared?.version
    return version === undefined ? [] : [[label, version] as const]
  })
  return { name: saved.name, category: saved.category, archived: false, labels: new Map(labels) }
}

function entryOf(planned: PlannedPrompt): AuditEntry {
  const { id, existing, saved, aliases, moves, broken } = planned
  const target = { kind: 'prompt', id, name: saved.name }
  const labels = [...moves.keys()]
  const newest = newestOf(planned)
  const facts = newest === undefined ? {} : versionFacts(saved.version ?? 1, newest)
  if (existing === undefined) {
    const { category, tags } = saved
    return { action: 'prompt.create', target, after: { category, tags, aliases, labels, ...facts } }
  }
  const moved = shelfFacts(planned)
  const before = { version: existing.latest, ...(existing.archived && { archived: true }), ...moved.before }
  const breaking = broken.length > 0 && { breaking: broken }
  const after = {
    ...facts,
    labels,
    ...breaking,
    ...(existing.archived && { archived: false }),
    ...moved.after,
  }
  if (newest !== undefined) return { action: 'version.create', target, before, after }
  if (existing.archived) return { action: 'prompt.restore', target, before, after }
  if (planned.shelf !== undefined) return { action: 'prompt.update', target, before, after }
  return { action: 'label.set', target, before, after: { ...after, version: existing.latest } }
}

/** What was and what is, of category, tags and aliases that change. */
function shelfFacts({ existing, shelf, aliases }: PlannedPrompt) {
  if (existing === undefined || shelf === undefined) return { before: {}, after: {} }
  const { category, tags, removed } = shelf
  const kept = existing.aliases.filter((alias) => !removed.includes(alias))
  const hasOthers = aliases.length + removed.length > 0
  return {
    before: {
      ...(category !== undefined && { category: existing.category }),
      ...(tags !== undefined && { tags: existing.tags }),
      ...(hasOthers && { aliases: existing.aliases }),
    },
    after: {
      ...(category !== undefined && { category: category.slug }),
      ...(tags !== undefined && { tags }),
      ...(hasOthers && { aliases: [...kept, ...aliases].toSorted() }),
    },
  }
}
