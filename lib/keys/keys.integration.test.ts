import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Actor } from '../access/actor.ts'
import { SCOPES } from '../access/rules.ts'
import { makeCategory } from '../testing/factories.ts'
import { makeMember } from '../testing/members.ts'
import { refusal } from '../testing/refusal.ts'
import { uniqueName } from '../testing/rows.ts'
import { type TestRuntime, testRequest, testRuntime } from '../testing/runtime.ts'
import { isKeyText } from './key-text.ts'
import { createKey } from './operations/create-key.ts'
import { listKeys } from './operations/list-keys.ts'
import { revokeKey } from './operations/revoke-key.ts'
import { rotateKey } from './operations/rotate-key.ts'
import type { CreateKeyInput } from './schema.ts'

let app: TestRuntime
let owner: Actor
let editor: Actor
beforeAll(async () => {
  app = await testRuntime()
  owner = await makeMember(app.actor(), { role: 'owner', display: 'Olga' })
  editor = await makeMember(owner, { role: 'editor', display: 'Edda' })
})
afterAll(() => app.close())

const again = (actor: Actor): Actor => ({ ...actor, request: testRequest() })
const make = (actor: Actor, input: Partial<CreateKeyInput> = {}) =>
  createKey(again(actor), { name: uniqueName('key'), preset: input.scopes ? undefined : 'agent', ...input })
const idsSeenBy = async (actor: Actor, query = {}) =>
  (await listKeys(again(actor), { limit: 200, ...query })).items.map(({ id }) => id)
const rows = async (text: string, values: unknown[]) =>
  (await app.runtime.database.primary.pool.query<Record<string, unknown>>(text, values)).rows

describe('a new key', () => {
  it('is answered once, and stored as a hash', async () => {
    const { key, ...made } = await make(editor, { name: 'Bot' })
    expect(isKeyText(key)).toBe(true)
    expect(made).toMatchObject({
      name: 'Bot',
      kind: 'personal',
      prefix: key.slice(0, 8),
      scopes: ['prompts:read'],
      label: 'production',
      categories: null,
      person: { id: editor.id, display: 'Edda' },
      created_by: { id: editor.id, display: 'Edda' },
      last_used_at: null,
      previous_until: null,
      status: 'active',
      notes: [],
    })
    const all = await rows(
      'SELECT to_jsonb(k) AS key, to_jsonb(s) AS text FROM api_key k, api_key_secret s',
      [],
    )
    expect(JSON.stringify(all)).not.toContain(key.slice(8))
    const listed = await listKeys(again(editor), {})
    expect(listed.items[0]).toEqual(
      Object.fromEntries(Object.entries(made).filter(([name]) => name !== 'notes')),
    )
  })

  it('expires after ninety days unless something else is said', async () => {
    const days = (time: string | null) => (Date.parse(time ?? '') - Date.now()) / 86_400_000
    expect(days((await make(editor)).expires_at)).toBeCloseTo(90, 1)
    const expires_at = new Date(Date.now() + 5 * 86_400_000).toISOString()
    expect(await make(editor, { expires_at })).toMatchObject({ expires_at, status: 'expires_soon' })
    const never = await make(editor, { expires_at: null })
    expect([never.expires_at, never.notes.map(({ code }) => code)]).toEqual([null, ['never_expires']])
    const past = make(editor, { expires_at: '2020-01-01T00:00:00Z' })
    expect(await refusal(past)).toMatchObject({ code: 'unprocessable', details: [{ path: ['expires_at'] }] })
  })

  it('never passes the store of answers to an Idempotency-Key', async () => {
    const actor = {
      ...editor,
      request: testRequest({ idempotency: { route: 'x', key: 'k', bodyHash: 'h' } }),
    }
    // REST gives such a contract no key; whoever does is refused before a key is made.
    const before = await idsSeenBy(editor)
    await createKey(actor, { name: 'kept', preset: 'agent' })
    const kept = await rows('SELECT answer::text FROM idempotency_key WHERE actor_id = $1', [editor.id])
    expect(kept.filter(({ answer }) => /inc_[0-9A-Za-z]{20}/.test(String(answer)))).toEqual([])
    expect(await idsSeenBy(editor)).toHaveLength(before.length + 1)
  })
})

describe('what a key may hold', () => {
  it.each([
    [
      'author',
      ['prompts:read', 'prompts:write', 'prompts:propose', 'generations:read', 'generations:run'],
      null,
    ],
    ['ci', ['prompts:read', 'prompts:write'], null],
    ['agent', ['prompts:read'], 'production'],
  ] as const)('preset %s', async (preset, scopes, label) => {
    expect(await make(editor, { preset })).toMatchObject({ scopes, label })
  })

  it('is all that its person may with the preset full', async () => {
    expect((await make(owner, { preset: 'full' })).scopes).toEqual([...SCOPES])
    expect((await make(owner, { preset: 'full', kind: 'service' })).scopes).toEqual(
      SCOPES.filter((scope) => !/^(members|settings)/.test(scope)),
    )
    expect((await make(owner, { preset: 'full', label: 'production' })).scopes).toEqual([
      'prompts:read',
      'generations:run',
      'metrics:read',
      'settings:write',
      'members:write',
    ])
    const viewer = await makeMember(owner, { role: 'viewer' })
    expect((await make(viewer, { preset: 'full' })).scopes).toEqual([
      'prompts:read',
      'generations:read',
      'usage:read',
    ])
  })

  it('is no more than its maker may do', async () => {
    const release = make(editor, { scopes: ['prompts:release'] })
    expect(await refusal(release)).toMatchObject({
      code: 'forbidden',
      extra: { required_scope: 'prompts:release' },
    })
    expect(await refusal(make(editor, { kind: 'service' }))).toMatchObject({
      code: 'forbidden',
      extra: { required_scope: 'members:write' },
    })
  })

  it.each(['members:write', 'settings:write'] as const)('is not %s for a service', async (scope) => {
    expect(await refusal(make(owner, { kind: 'service', scopes: [scope] }))).toMatchObject({
      code: 'unprocessable',
      details: [{ path: ['scopes'], code: 'scope_not_possible' }],
    })
    expect((await make(owner, { scopes: [scope] })).scopes).toEqual([scope])
  })

  it.each(['usage:read', 'audit:read', 'generations:read', 'ai:read', 'ai:write', 'prompts:write'] as const)(
    'is not %s under a pin',
    async (scope) => {
      const pinned = make(owner, { scopes: ['prompts:read', scope], label: 'staging' })
      expect(await refusal(pinned)).toMatchObject({
        code: 'unprocessable',
        message: expect.stringContaining(scope),
      })
    },
  )

  it('is narrowed to categories, no wider than its maker', async () => {
    const [one, other] = [await makeCategory(app.actor()), await makeCategory(app.actor())]
    const ids = await rows('SELECT id, slug FROM category WHERE slug = ANY ($1)', [[one.slug, other.slug]])
    const mine = ids.filter(({ slug }) => slug === one.slug).map(({ id }) => String(id))
    const narrow = await makeMember(owner, { role: 'editor', categories: mine })
    const scopes = ['prompts:read', 'prompts:write'] as const
    const both = make(narrow, { scopes: [...scopes], categories: [one.slug, other.slug] })
    expect((await refusal(both)).code).toBe('forbidden')
    expect((await make(narrow, { scopes: [...scopes] })).categories).toEqual([one.slug])
    expect((await make(owner, { scopes: [...scopes], categories: [other.slug] })).categories).toEqual([
      other.slug,
    ])
    const unknown = make(owner, { scopes: [...scopes], categories: ['nowhere'] })
    expect(await refusal(unknown)).toMatchObject({
      code: 'unprocessable',
      details: [{ path: ['categories', 0] }],
    })
  })
})

describe('who changes keys', () => {
  const old: Partial<Actor> = {
    credential: { kind: 'session', id: 's', personId: 'p', freshUntil: Date.now() - 1 },
  }

  it.each<[string, Partial<Actor>]>([
    ['a key', { kind: 'key', credential: { kind: 'key', id: 'k', personActorId: 'p' } }],
    [
      'a client',
      { kind: 'client', credential: { kind: 'token', id: 't', clientId: 'c', personActorId: 'p' } },
    ],
    ['an old session', old],
  ])('not %s', async (_what, changes) => {
    const { id } = await make(owner)
    const actor = { ...again(owner), ...changes }
    for (const change of [
      createKey(actor, { name: 'x', preset: 'agent' }),
      rotateKey(actor, { id }),
      revokeKey(actor, { id }),
    ])
      expect((await refusal(change)).code).toBe('forbidden')
    expect(await idsSeenBy(owner)).toContain(id)
  })

  it('an old session sees them, a key does not', async () => {
    const { id } = await make(owner)
    expect(await idsSeenBy({ ...owner, ...old })).toContain(id)
    const byKey: Actor = { ...owner, credential: { kind: 'key', id, personActorId: owner.id } }
    expect((await refusal(listKeys(byKey, {}))).code).toBe('forbidden')
  })

  it('nobody but its person sees a personal key, and who manages members', async () => {
    const other = await makeMember(owner)
    const mine = await make(editor)
    const service = await make(owner, { kind: 'service' })
    expect(await idsSeenBy(other)).toEqual([])
    expect(await idsSeenBy(editor)).toContain(mine.id)
    expect(await idsSeenBy(editor)).not.toContain(service.id)
    expect(await idsSeenBy(owner)).toEqual(expect.arrayContaining([mine.id, service.id]))
    expect(await idsSeenBy(owner, { kind: 'service' })).not.toContain(mine.id)
    expect((await refusal(revokeKey(again(other), { id: mine.id }))).code).toBe('not_found')
    expect((await refusal(rotateKey(again(editor), { id: service.id }))).code).toBe('not_found')
  })

  it('before there are accounts makes a service key, and no personal one', async () => {
    expect((await make(app.actor(), { kind: 'service' })).kind).toBe('service')
    expect((await refusal(make(app.actor()))).code).toBe('conflict')
  })

  it('a workspace has as many keys as limits.keys', async () => {
    const { limits } = app.runtime.config
    const before = limits.keys
    limits.keys = 1
    try {
      expect(await refusal(make(owner))).toMatchObject({ code: 'too_large', extra: { limit: 'limits.keys' } })
    } finally {
      limits.keys = before
    }
  })
})

describe('rotation', () => {
  it('gives another text, and lets the old one work for the overlap', async () => {
    const before = await make(editor)
    const after = await rotateKey(again(editor), { id: before.id, overlap_hours: 2 })
    expect(after.key).not.toBe(before.key)
    expect(after).toMatchObject({
      id: before.id,
      scopes: before.scopes,
      label: before.label,
      status: 'rotating',
    })
    expect((Date.parse(after.previous_until ?? '') - Date.now()) / 3_600_000).toBeCloseTo(2, 1)
    expect((Date.parse(after.expires_at ?? '') - Date.now()) / 86_400_000).toBeCloseTo(90, 1)
  })

  it('leaves no old text without an overlap, and none beyond its own end', async () => {
    const soon = new Date(Date.now() + 3_600_000).toISOString()
    const { id } = await make(editor, { expires_at: soon })
    expect((await rotateKey(again(editor), { id })).previous_until).toBe(soon)
    expect((await rotateKey(again(editor), { id, overlap_hours: 0 })).previous_until).toBeNull()
    expect(await rows('SELECT hash FROM api_key_secret WHERE key_id = $1', [id])).toHaveLength(1)
  })

  it('hands a personal key to nobody else, and a service key to nobody who may less', async () => {
    const mine = await make(editor)
    expect((await refusal(rotateKey(again(owner), { id: mine.id }))).code).toBe('forbidden')
    const admin = { ...(await makeMember(owner, { role: 'admin', categories: [] })) }
    const service = await make(owner, { kind: 'service', scopes: ['prompts:write'] })
    expect((await refusal(rotateKey(again(admin), { id: service.id }))).code).toBe('forbidden')
    expect((await rotateKey(again(owner), { id: service.id })).id).toBe(service.id)
  })

  it('brings no revoked key back', async () => {
    const { id } = await make(editor)
    await revokeKey(again(owner), { id })
    await revokeKey(again(editor), { id })
    expect((await refusal(rotateKey(again(editor), { id }))).code).toBe('conflict')
    expect(await idsSeenBy(editor)).not.toContain(id)
    expect(await idsSeenBy(editor, { revoked: 'true' })).toContain(id)
  })
})

it('every change of a key is on record, without its text', async () => {
  const made = await make(editor, { name: 'Told' })
  const rotated = await rotateKey(again(editor), { id: made.id })
  await revokeKey(again(editor), { id: made.id })
  const told = await rows(
    'SELECT action, target_kind, target_name, before, after FROM audit_event WHERE target_id = $1 ORDER BY revision',
    [made.id],
  )
  expect(told.map(({ action }) => action)).toEqual(['key.create', 'key.rotate', 'key.revoke'])
  expect(told[0]).toMatchObject({ target_kind: 'actor', target_name: '', after: { label: 'production' } })
  for (const { key } of [made, rotated]) expect(JSON.stringify(told)).not.toContain(key.slice(8))
})

it('keys come in pages, the newest first', async () => {
  const reader = await makeMember(owner)
  const made = [await make(reader), await make(reader), await make(reader)].map(({ id }) => id).toReversed()
  const first = await listKeys(again(reader), { limit: 2 })
  const second = await listKeys(again(reader), { limit: 2, cursor: first.next_cursor ?? '' })
  expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(made)
  expect(second.next_cursor).toBeNull()
})
