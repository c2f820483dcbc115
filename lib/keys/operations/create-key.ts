import { type Actor } from '../../access/actor.ts'
import { RIGHTS_KIND } from '../../access/current-rights.ts'
import { may } from '../../access/rights.ts'
import { SCOPES, type Scope } from '../../access/rules.ts'
import { change } from '../../db/change.ts'
import { assertRoom } from '../../db/changes/room.ts'
import type { Tx } from '../../db/client.ts'
import { appError } from '../../errors.ts'
import { newId } from '../../id.ts'
import { operation } from '../../telemetry/operation.ts'
import { newKeyText, shownPrefix } from '../key-text.ts'
import { assertMayChange, assertMayManage, assertWithinOwnRights } from '../policy.ts'
import { AGENT_LABEL, NOT_FOR_SERVICES, NOT_UNDER_A_PIN, PRESETS } from '../rules.ts'
import type { ApiKey, CreateKeyInput, NewApiKey } from '../schema.ts'
import { readKey, usualEnd, writeText } from '../stored-key.ts'

type Kind = ApiKey['kind']

/**
 * Makes a key and answers its text, this once. It may do no more than whoever makes it.
 * @throws forbidden, unprocessable (scopes that such a key cannot hold, an unknown category, an expiry in the
 *   past), conflict for a personal key before there are accounts, too_large at `limits.keys`, unavailable
 */
export const createKey = operation('createKey', run)

async function run(actor: Actor, input: CreateKeyInput): Promise<NewApiKey> {
  assertMayChange(actor)
  const kind = input.kind ?? 'personal'
  if (kind === 'service') assertMayManage(actor)
  const label = input.label === undefined && input.preset === 'agent' ? AGENT_LABEL : (input.label ?? null)
  const scopes = scopesOf(actor, input, { kind, label })
  const expiresAt = endOf(input)
  const text = newKeyText()
  const key = await change(actor, async ({ tx, record }) => {
    if (kind === 'personal') await assertMember(tx, actor)
    await assertRoom(
      tx,
      actor.workspaceId,
      'keys',
      (most) => `A workspace has at most ${most} keys`,
      () => tx.apiKeySecret.count({ where: { workspace_id: actor.workspaceId, ends_at: null } }),
    )
    const categoryIds = await categoriesOf(tx, actor, input)
    assertWithinOwnRights(actor, { scopes, category_ids: categoryIds })
    const personActorId = kind === 'personal' ? actor.id : null
    const written = {
      id: newId(),
      name: input.name,
      person_actor_id: personActorId,
      prefix: shownPrefix(text),
    }
    await writeKey(tx, actor, { ...written, scopes, label, categoryIds, expiresAt })
    await writeText(tx, actor, written, text)
    const made = await readKey(tx, actor, written.id)
    const { prefix, categories, expires_at } = made
    record({
      action: 'key.create',
      target: { kind: RIGHTS_KIND, id: made.id, name: made.name },
      after: { kind, prefix, scopes, label, categories, expires_at },
    })
    return made
  })
  return { ...key, key: text, notes: notesOn(key) }
}

/** @throws unprocessable naming the scopes that such a key cannot hold */
function scopesOf(
  actor: Actor,
  { preset, scopes }: CreateKeyInput,
  { kind, label }: { kind: Kind; label: string | null },
): Scope[] {
  const isBarred = (scope: Scope) =>
    (kind === 'service' && NOT_FOR_SERVICES.includes(scope)) ||
    (label !== null && NOT_UNDER_A_PIN.includes(scope))
  if (preset === 'full') return SCOPES.filter((scope) => may(actor, scope) && !isBarred(scope))
  const wanted = new Set<Scope>(scopes ?? PRESETS[preset ?? 'agent'])
  const barred = [...wanted].filter(isBarred)
  if (barred.length === 0) return SCOPES.filter((scope) => wanted.has(scope))
  const what = label === null ? 'A service key' : `A key that is pinned to the label "${label}"`
  const message = `${what} cannot hold ${barred.join(', ')}`
  throw appError('unprocessable', `${message}.`, {
    details: [{ path: [preset === undefined ? 'scopes' : 'preset'], code: 'scope_not_possible', message }],
  })
}

function endOf({ expires_at }: CreateKeyInput): Date | null {
  if (expires_at === undefined) return usualEnd()
  if (expires_at === null) return null
  const end = new Date(expires_at)
  if (end.getTime() > Date.now()) return end
  const message = 'A key expires in the future'
  throw appError('unprocessable', `${message}.`, {
    details: [{ path: ['expires_at'], code: 'in_the_past', message }],
  })
}

/** A personal key ends with a membership: before there are accounts there is none. */
async function assertMember(tx: Tx, actor: Actor): Promise<void> {
  const [member] = await tx.$queryRaw<object[]>`
    SELECT FROM member WHERE workspace_id = ${actor.workspaceId}::uuid AND actor_id = ${actor.id}::uuid FOR KEY SHARE`
  if (member !== undefined) return
  throw appError(
    'conflict',
    'There are no accounts yet, so a personal key would be nobody’s, and no client needs a key. Create the owner account first.',
  )
}

/** The ids of the named categories; left out, those that the actor is limited to. */
async function categoriesOf(tx: Tx, actor: Actor, { categories }: CreateKeyInput): Promise<string[] | null> {
  if (categories === undefined || categories === null)
    return actor.categories === null ? null : [...actor.categories]
  const rows = await tx.category.findMany({
    where: { workspace_id: actor.workspaceId, slug: { in: categories } },
    select: { id: true, slug: true },
  })
  const unknown = categories.findIndex((slug) => !rows.some((row) => row.slug === slug))
  if (unknown === -1) return rows.map(({ id }) => id)
  const message = `There is no category "${categories[unknown]}"`
  throw appError('unprocessable', `${message}.`, {
    details: [{ path: ['categories', unknown], code: 'unknown_category', message }],
  })
}

interface NewKey {
  id: string
  name: string
  prefix: string
  person_actor_id: string | null
  scopes: Scope[]
  label: string | null
  categoryIds: string[] | null
  expiresAt: Date | null
}

async function writeKey(tx: Tx, { workspaceId, id: by }: Actor, key: NewKey): Promise<void> {
  const { id, name, prefix, person_actor_id, scopes, label, categoryIds, expiresAt } = key
  await tx.$executeRaw`INSERT INTO actor (id, workspace_id, kind, display)
    VALUES (${id}::uuid, ${workspaceId}::uuid, 'key', ${name})`
  await tx.$executeRaw`INSERT INTO api_key
      (id, workspace_id, name, prefix, person_actor_id, scopes, label, all_categories, category_ids,
      expires_at, created_by)
    VALUES (${id}::uuid, ${workspaceId}::uuid, ${name}, ${prefix}, ${person_actor_id}::uuid, ${scopes}::text[],
      ${label}, ${categoryIds === null}, ${categoryIds ?? []}::uuid[], ${expiresAt}::timestamptz, ${by}::uuid)`
}

function notesOn({ expires_at, scopes, kind }: ApiKey): NewApiKey['notes'] {
  const notes: NewApiKey['notes'] = []
  if (expires_at === null)
    notes.push({
      code: 'never_expires',
      message: 'This key never expires: it is good until somebody revokes it.',
    })
  if (scopes.includes('prompts:release'))
    notes.push({
      code: 'may_release',
      message: `Whoever has this key may release: it moves protected labels${kind === 'service' ? ', and belongs to nobody' : ''}.`,
    })
  return notes
}
