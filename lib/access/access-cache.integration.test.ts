import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { databaseAway } from '../db/availability.ts'
import { change } from '../db/change.ts'
import { newId } from '../id.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { type CredentialSource, verifiedIdentity } from './access-cache.ts'
import { RIGHTS_KIND } from './current-rights.ts'
import { identify, REST_TAKES } from './identify.ts'
import { accessState, STATE_KIND } from './state.ts'

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime({ feed: true, limits: { credential_lookups_per_sender: 20 } })
})
afterAll(() => app.close())

let key: string
let role: 'viewer' | 'editor' | undefined
let loads: number
let isAway: boolean
beforeEach(() => {
  key = newId()
  role = 'editor'
  loads = 0
  isAway = false
})

const source: CredentialSource = {
  kind: 'none',
  locate: () => Promise.resolve(app.identity.workspaceId),
  async load(pool) {
    if (isAway) throw databaseAway()
    loads += 1
    if (role === undefined) return undefined
    const { rows } = await pool.query<{ revision: number }>(
      'SELECT revision::float8 AS revision FROM workspace WHERE id = $1',
      [app.identity.workspaceId],
    )
    const revision = rows[0]?.revision ?? 0
    return { identity: { ...app.actor(), role }, dependsOn: [key], revision, expiresAt: undefined }
  },
}
const ask = async () => (await verifiedIdentity(`hash of ${key}`, source))?.role

function tellRights(id: string): Promise<void> {
  return change(app.actor(), async ({ record }) =>
    record({ action: 'member.update', target: { kind: RIGHTS_KIND, id, name: 'Somebody' } }),
  )
}

describe('a credential', () => {
  it('is looked up once until the rights behind it change', async () => {
    expect([await ask(), await ask()]).toEqual(['editor', 'editor'])
    expect(loads).toBe(1)
    role = 'viewer'
    await tellRights(newId())
    expect(await ask()).toBe('editor')
    await tellRights(key)
    expect([await ask(), loads]).toEqual(['viewer', 2])
  })

  it('that is gone is asked for once, until any rights change', async () => {
    await ask()
    role = undefined
    await tellRights(key)
    expect([await ask(), await ask(), loads]).toEqual([undefined, undefined, 2])
    role = 'viewer'
    await tellRights(newId())
    expect([await ask(), loads]).toEqual(['viewer', 3])
  })

  it('that was looked up while rights changed is looked up again', async () => {
    role = undefined
    const { promise: read, resolve: goOn } = Promise.withResolvers<void>()
    const slow = verifiedIdentity(`hash of ${key}`, {
      ...source,
      load: async (pool) => {
        const found = await source.load(pool)
        await read
        return found
      },
    })
    await expect.poll(() => loads).toBe(1)
    role = 'editor'
    await tellRights(key)
    goOn()
    expect([await slow, await ask()]).toEqual([undefined, 'editor'])
  })

  it('is read again after a minute, and serves for security.auth_stale_ms while the database is away', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    try {
      await ask()
      const { availability } = app.runtime.database
      vi.setSystemTime(Date.now() + 61_000)
      isAway = true
      expect(await ask()).toBe('editor')
      isAway = false
      const down = vi.spyOn(availability, 'down', 'get').mockReturnValue(true)
      expect([await ask(), loads]).toEqual(['editor', 1])
      vi.setSystemTime(Date.now() + app.runtime.config.security.auth_stale_ms)
      await expect(ask()).rejects.toMatchObject({ code: 'unavailable' })
      down.mockRestore()
      expect([await ask(), loads]).toEqual(['editor', 2])
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('credentials of nobody', () => {
  const limit = 30
  /** Asks for so many unknown texts at once. @returns how many were refused with each code */
  async function flood(
    count: number,
    from: string,
    locate: () => Promise<undefined>,
    kind: CredentialSource['kind'] = 'none',
  ) {
    const codes = await Promise.all(
      Array.from({ length: count }, () =>
        verifiedIdentity(newId(), { ...source, kind, locate }, from).then(
          () => 'unknown',
          (error: { code: string }) => error.code,
        ),
      ),
    )
    const counts: Record<string, number> = {}
    for (const code of codes) counts[code] = (counts[code] ?? 0) + 1
    return counts
  }

  it('cost an address a few look-ups, however many come, and others none of theirs', async () => {
    let asked = 0
    const locate = async () => void (asked += 1)
    const { credential_lookups: atOnce } = app.runtime.config.limits
    const [first, second] = [await flood(500, '203.0.113.1', locate), await flood(500, '203.0.113.1', locate)]
    expect((first.unknown ?? 0) + (second.unknown ?? 0)).toBe(limit)
    expect(asked).toBeLessThan(limit + atOnce)
    asked = 0
    expect(await flood(500, '203.0.113.1', locate)).toEqual({ rate_limited: 500 })
    expect(asked).toBe(0)
    expect(await flood(1, '203.0.113.2', locate)).toEqual({ unknown: 1 })
  })

  it('do not hold up one that was served before, from the same address', async () => {
    const from = '203.0.113.3'
    await verifiedIdentity(`hash of ${key}`, source, from)
    await flood(100, from, async () => undefined)
    await tellRights(key)
    expect(await verifiedIdentity(`hash of ${key}`, source, from)).toMatchObject({ role: 'editor' })
  })

  it.each(['session', 'none'] as const)('of one address fill no queue: %s', async (kind) => {
    const { credential_lookups: atOnce, credential_lookups_per_sender: most } = app.runtime.config.limits
    const { promise: held, resolve: goOn } = Promise.withResolvers<undefined>()
    const from = `203.0.113.${kind === 'session' ? 11 : 12}`
    const waiting = flood(2000, from, () => held, kind)
    const other = verifiedIdentity(`hash of ${key}`, source, '203.0.113.13')
    goOn(undefined)
    expect(await waiting).toEqual({ unknown: atOnce + most, rate_limited: 2000 - atOnce - most })
    expect(await other).toMatchObject({ role: 'editor' })
    // Those that waited count no more.
    expect(await flood(most, from, () => held, 'session')).toEqual({ unknown: most })
  })

  it('are looked up a few at a time, and the rest is told to come later', async () => {
    const { limits } = app.runtime.config
    const waiting = limits.credential_lookups_waiting
    Object.assign(limits, { credential_lookups_waiting: 5 })
    try {
      let running = 0
      let most = 0
      const locate = async () => {
        most = Math.max(most, ++running)
        await app.runtime.database.primary.pool.query('SELECT')
        running -= 1
        return undefined
      }
      const atOnce = limits.credential_lookups
      expect(await flood(20, '203.0.113.4', locate)).toEqual({ unknown: atOnce + 5, overloaded: 15 - atOnce })
      expect(most).toBe(atOnce)
    } finally {
      Object.assign(limits, { credential_lookups_waiting: waiting })
    }
  })
})

describe('the state of access', () => {
  it('becomes that of accounts with the first of them, and everybody has to say who they are', async () => {
    expect(await accessState()).toBe('local')
    expect(await identify({ header: () => undefined }, REST_TAKES)).toMatchObject({ role: 'owner' })
    await change(app.actor(), async ({ tx, record }) => {
      await tx.accessState.updateMany({ data: { first_owner_at: new Date() } })
      const target = { kind: STATE_KIND, id: app.identity.workspaceId, name: 'default' }
      record({ action: 'access.accounts', target })
    })
    await expect.poll(accessState).toBe('accounts')
    await expect(identify({ header: () => undefined }, REST_TAKES)).rejects.toMatchObject({
      code: 'unauthenticated',
    })
  })
})
