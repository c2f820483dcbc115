import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Actor, Identity } from '../access/actor.ts'
import { actorOf } from '../access/actor.ts'
import { ActorStreams } from '../access/actor-streams.ts'
import { setCredentialResolver } from '../access/credentials.ts'
import { currentRights, RIGHTS_KIND } from '../access/current-rights.ts'
import { identify, MCP_TAKES, REST_TAKES } from '../access/identify.ts'
import { change } from '../db/change.ts'
import { setRuntime } from '../runtime.ts'
import { makeCategory } from '../testing/factories.ts'
import { makeMember, openAccounts } from '../testing/members.ts'
import { refusal } from '../testing/refusal.ts'
import { uniqueName } from '../testing/rows.ts'
import { type TestRuntime, testRequest, testRuntime } from '../testing/runtime.ts'
import { hashKey } from './hash.ts'
import { keyResolver } from './identify-key.ts'
import { newKeyText } from './key-text.ts'
import { keyUses } from './key-uses.ts'
import { createKey } from './operations/create-key.ts'
import { listKeys } from './operations/list-keys.ts'
import { revokeKey } from './operations/revoke-key.ts'
import { rotateKey } from './operations/rotate-key.ts'
import type { CreateKeyInput } from './schema.ts'

let app: TestRuntime
let owner: Actor
beforeAll(async () => {
  app = await testRuntime({ feed: true })
  setCredentialResolver('key', keyResolver)
  owner = await makeMember(app.actor(), { role: 'owner' })
  await openAccounts(owner)
})
afterAll(() => app.close())
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => void vi.useRealTimers())

const again = (actor: Actor): Actor => ({
  ...actor,
  credential: { kind: 'session', id: 's', personId: 'p', freshUntil: Date.now() + 1000 },
  request: testRequest(),
})
const make = (actor: Actor, input: Partial<CreateKeyInput> = {}) =>
  createKey(again(actor), { name: uniqueName('key'), preset: input.scopes ? undefined : 'full', ...input })
const sending = (header: string, takes = REST_TAKES) =>
  identify({ header: (name) => (name === 'authorization' ? header : undefined) }, takes)
const using = (key: string) => sending(`Bearer ${key}`)
const pool = () => app.runtime.database.primary.pool

/** As whoever manages members writes it. */
function changeMember(member: Actor, set: string): Promise<void> {
  return change(again(owner), async ({ tx, record }) => {
    await tx.$executeRawUnsafe(
      `${set} WHERE workspace_id = $1::uuid AND actor_id = $2::uuid`,
      member.workspaceId,
      member.id,
    )
    record({ action: 'member.update', target: { kind: RIGHTS_KIND, id: member.id, name: 'Somebody' } })
  })
}

describe('a key', () => {
  it('acts by an actor of its own, for its person', async () => {
    const editor = await makeMember(owner, { role: 'editor' })
    const { key, id } = await make(editor, { name: 'Mine' })
    expect(await using(key)).toMatchObject({
      id,
      kind: 'key',
      workspaceId: owner.workspaceId,
      role: 'editor',
      label: null,
      categories: null,
      credential: { kind: 'key', id, personActorId: editor.id },
    })
  })

  it('may stand as user or password of Basic over REST, and not over MCP', async () => {
    const { key, id } = await make(owner)
    const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`
    expect((await sending(basic(`${key}:`))).id).toBe(id)
    expect((await sending(basic(`pk:${key}`))).id).toBe(id)
    expect((await sending(`Bearer ${key}`, MCP_TAKES)).id).toBe(id)
    expect((await refusal(sending(basic(`${key}:`), MCP_TAKES))).code).toBe('unauthenticated')
  })

  it.each([
    ['of nobody', () => newKeyText()],
    ['with a slip', (key: string) => key.slice(0, -1) + (key.endsWith('x') ? 'y' : 'x')],
    ['cut short', (key: string) => key.slice(0, 20)],
  ])('%s is refused', async (_what, change) => {
    const { key } = await make(owner)
    expect((await refusal(using(change(key)))).code).toBe('unauthenticated')
  })

  it('that is none asks the database nothing, and an unknown one asks once', async () => {
    const asked = vi.spyOn(pool(), 'query')
    try {
      const unknown = newKeyText()
      for (const text of ['inc_nonsense', `${unknown.slice(0, -1)}_`]) await refusal(using(text))
      expect(asked).not.toHaveBeenCalled()
      for (let n = 0; n < 5; n++) await refusal(using(unknown))
      expect(asked.mock.calls.filter(([query]) => JSON.stringify(query).includes('keys.'))).toHaveLength(1)
    } finally {
      asked.mockRestore()
    }
  })

  it('in a flood of wrong ones from one address costs a bounded number of statements', async () => {
    const asked = vi.spyOn(pool(), 'query')
    try {
      const from = (address: string, key: string) =>
        identify(
          { header: (name) => (name === 'authorization' ? `Bearer ${key}` : undefined), address },
          REST_TAKES,
        )
      const flood = async (count: number) => {
        const all = Array.from({ length: count }, () => refusal(from('203.0.113.5', newKeyText())))
        return (await Promise.all(all)).map(({ code }) => code)
      }
      const { wrong_credentials: most, credential_lookups: atOnce } = app.runtime.config.limits
      for (const _ of [1, 2]) expect(await flood(300)).toContain('rate_limited')
      expect(asked.mock.calls.length).toBeLessThan(most + atOnce)
      asked.mockClear()
      expect(new Set(await flood(300))).toEqual(new Set(['rate_limited']))
      expect(asked).not.toHaveBeenCalled()
    } finally {
      asked.mockRestore()
    }
  })

  it('works at once that was made a moment after its text was refused', async () => {
    const text = newKeyText()
    await refusal(using(text))
    const { id } = await make(owner)
    // As if the text had been guessed: it becomes that of a key.
    await change(again(owner), async ({ tx, record }) => {
      await tx.$executeRaw`UPDATE api_key_secret SET hash = ${hashKey(text)} WHERE key_id = ${id}::uuid`
      record({ action: 'key.rotate', target: { kind: RIGHTS_KIND, id, name: 'x' } })
    })
    expect((await using(text)).id).toBe(id)
  })

  it('that is known is recognized without the database', async () => {
    const { key } = await make(owner)
    await using(key)
    const asked = vi.spyOn(pool(), 'query')
    for (let n = 0; n < 5; n++) await using(key)
    expect(asked).not.toHaveBeenCalled()
    asked.mockRestore()
  })

  it('is at its end when it expires', async () => {
    const { key } = await make(owner, { expires_at: new Date(Date.now() + 10_000).toISOString() })
    expect((await using(key)).credential).toMatchObject({ expiresAt: Date.now() + 10_000 })
    vi.setSystemTime(Date.now() + 10_001)
    expect((await refusal(using(key))).code).toBe('unauthenticated')
  })

  it('is refused at once when it is revoked, on every instance', async () => {
    const { key, id } = await make(owner)
    const second = app.secondInstance()
    await second.feed.start()
    const there = async () => {
      setRuntime(second)
      try {
        setCredentialResolver('key', keyResolver)
        return await using(key).then(
          () => 'known',
          () => 'refused',
        )
      } finally {
        setRuntime(app.runtime)
      }
    }
    try {
      expect([await there(), (await using(key)).id]).toEqual(['known', id])
      await revokeKey(again(owner), { id })
      expect((await refusal(using(key))).code).toBe('unauthenticated')
      vi.useRealTimers()
      await vi.waitFor(async () => expect(await there()).toBe('refused'), 2000)
    } finally {
      await second.close()
    }
  })

  it('works by both texts while it is rotated', async () => {
    const before = await make(owner)
    await using(before.key)
    const after = await rotateKey(again(owner), { id: before.id, overlap_hours: 1 })
    expect([(await using(before.key)).id, (await using(after.key)).id]).toEqual([before.id, before.id])
    vi.setSystemTime(Date.now() + 3_600_001)
    expect((await refusal(using(before.key))).code).toBe('unauthenticated')
    expect((await using(after.key)).id).toBe(before.id)
  })
})

describe('the rights of a key', () => {
  it('are what it was given, and of that what its person may do now', async () => {
    const person = await makeMember(owner, { role: 'publisher' })
    const { key } = await make(person, { scopes: ['prompts:read', 'prompts:write', 'prompts:release'] })
    expect([...(await using(key)).scopes]).toEqual(['prompts:read', 'prompts:write', 'prompts:release'])
    await changeMember(person, `UPDATE member SET role = 'viewer'`)
    expect([...(await using(key)).scopes]).toEqual(['prompts:read'])
    await changeMember(person, `UPDATE member SET role = 'owner'`)
    expect([...(await using(key)).scopes]).toEqual(['prompts:read', 'prompts:write', 'prompts:release'])
  })

  it('are never those of an owner, whom no scope names', async () => {
    expect((await using((await make(owner)).key)).role).toBe('admin')
    expect((await using((await make(owner, { kind: 'service' })).key)).role).toBe('admin')
  })

  it('are within the categories of both', async () => {
    const slugs = [
      await makeCategory(app.actor()),
      await makeCategory(app.actor()),
      await makeCategory(app.actor()),
    ]
    const { rows } = await pool().query<{ id: string; slug: string }>('SELECT id, slug FROM category')
    const [one = '', two = '', three = ''] = slugs.map(
      ({ slug }) => rows.find((row) => row.slug === slug)?.id ?? '',
    )
    const person = await makeMember(owner, { role: 'editor' })
    const { key } = await make(person, {
      scopes: ['prompts:write'],
      categories: slugs.slice(0, 2).map(({ slug }) => slug),
    })
    expect((await using(key)).categories).toEqual(new Set([one, two]))
    await changeMember(
      person,
      `UPDATE member SET all_categories = false, category_ids = ARRAY['${two}', '${three}']::uuid[]`,
    )
    expect((await using(key)).categories).toEqual(new Set([two]))
    const wide = await make(owner, { scopes: ['prompts:write'] })
    expect((await using(wide.key)).categories).toBeNull()
  })

  it('rest while its person is deactivated', async () => {
    const person = await makeMember(owner, { role: 'editor' })
    const { key } = await make(person)
    await using(key)
    await changeMember(person, 'UPDATE member SET deactivated_at = now()')
    expect((await refusal(using(key))).code).toBe('unauthenticated')
    vi.setSystemTime(Date.now() + 6000)
    await changeMember(person, 'UPDATE member SET deactivated_at = NULL')
    vi.useRealTimers()
    await vi.waitFor(async () => expect((await using(key)).role).toBe('editor'), {
      timeout: 10_000,
      interval: 200,
    })
  })

  it('end with the membership, and another membership brings none of them back', async () => {
    const person = await makeMember(owner, { role: 'admin' })
    const { key, id } = await make(person)
    const service = await make(person, { kind: 'service' })
    await using(key)
    const { rows } = await pool().query<object>('SELECT * FROM member WHERE actor_id = $1', [person.id])
    await changeMember(person, 'DELETE FROM member')
    expect((await refusal(using(key))).code).toBe('unauthenticated')
    expect((await using(service.key)).id).toBe(service.id)
    await pool().query('INSERT INTO member SELECT * FROM json_populate_record(NULL::member, $1)', [rows[0]])
    expect((await refusal(using(key))).code).toBe('unauthenticated')
    const revoked = await listKeys(again(owner), { revoked: 'true', limit: 200 })
    expect(revoked.items.find((each) => each.id === id)?.status).toBe('revoked')
  })

  it('are looked up again for what goes on, whichever text it came with', async () => {
    const person = await makeMember(owner, { role: 'editor' })
    const made = await make(person)
    const actor = actorOf(await using(made.key), testRequest())
    expect((await currentRights(actor))?.role).toBe('editor')
    await rotateKey(again(person), { id: made.id, overlap_hours: 0 })
    expect((await currentRights(actor))?.role).toBe('editor')
    await changeMember(person, `UPDATE member SET role = 'viewer'`)
    expect((await currentRights(actor))?.role).toBe('viewer')
    await revokeKey(again(owner), { id: made.id })
    expect(await currentRights(actor)).toBeUndefined()
  })
})

describe('an open stream of a key', () => {
  const open = (identity: Identity) => {
    const streams = new ActorStreams({ limit: 10, feed: app.runtime.feed })
    const ended = Promise.withResolvers<string>()
    const sink = { write: () => true, onDrain: () => undefined, end: () => ended.resolve('ended') }
    streams.open(actorOf(identity, testRequest()), sink, () => () => undefined)
    return ended.promise
  }

  it('ends when the key is revoked', async () => {
    const { key, id } = await make(owner)
    const ended = open(await using(key))
    await revokeKey(again(owner), { id })
    expect(await ended).toBe('ended')
  })

  it('ends when the key expires', async () => {
    vi.useRealTimers()
    const { key } = await make(owner, { expires_at: new Date(Date.now() + 300).toISOString() })
    expect(await open(await using(key))).toBe('ended')
  })
})

describe('another INCIPIT_SECRET', () => {
  it('finds keys by the one before, and hashes them anew', async () => {
    const { key, id } = await make(owner)
    const hashes = async () =>
      (
        await pool().query<{ hash: string }>(
          `SELECT encode(hash, 'hex') AS hash FROM api_key_secret WHERE key_id = $1`,
          [id],
        )
      ).rows[0]?.hash
    const old = await hashes()
    const peppers: { current: string; previous: string[] } = app.runtime.once('secrets', () => {
      throw new Error('keys were hashed before')
    })
    const instance = async (secrets: typeof peppers) => {
      const other = app.secondInstance()
      setRuntime(other)
      try {
        other.once('secrets', () => secrets)
        setCredentialResolver('key', keyResolver)
        return await using(key).then(
          () => 'known',
          () => 'refused',
        )
      } finally {
        setRuntime(app.runtime)
        await other.close()
      }
    }
    expect(await instance({ current: 'x'.repeat(40), previous: [] })).toBe('refused')
    expect(await hashes()).toBe(old)
    expect(await instance({ current: 'x'.repeat(40), previous: [peppers.current] })).toBe('known')
    expect(await hashes()).not.toBe(old)
    expect(await instance({ current: 'x'.repeat(40), previous: [] })).toBe('known')
  })
})

describe('the last use of a key', () => {
  it('is written for all keys in one statement, when it is time', async () => {
    const [one, other] = [await make(owner), await make(owner)]
    for (const { key } of [one, one, other]) await using(key)
    const lastUse = async (id: string) =>
      (await listKeys(again(owner), { limit: 200 })).items.find((each) => each.id === id)?.last_used_at ??
      null
    expect(await lastUse(one.id)).toBeNull()
    const asked = vi.spyOn(pool(), 'query')
    await keyUses().flush()
    expect(asked).toHaveBeenCalledTimes(1)
    await keyUses().flush()
    expect(asked).toHaveBeenCalledTimes(1)
    asked.mockRestore()
    expect(Date.parse((await lastUse(one.id)) ?? '')).toBeCloseTo(Date.now(), -4)
    expect(await lastUse(other.id)).not.toBeNull()
  })

  it('waits while it cannot be written', async () => {
    const { key, id } = await make(owner)
    await using(key)
    const asked = vi.spyOn(pool(), 'query').mockImplementationOnce(() => {
      throw Object.assign(new Error('no connection'), { code: '57P03' })
    })
    await keyUses().flush()
    asked.mockRestore()
    await keyUses().flush()
    const { items } = await listKeys(again(owner), { limit: 200 })
    expect(items.find((each) => each.id === id)?.last_used_at).not.toBeNull()
  })
})
