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
  app = await testRuntime({ feed: true })
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

  it('that is gone is not kept', async () => {
    await ask()
    role = undefined
    await tellRights(key)
    expect([await ask(), await ask(), loads]).toEqual([undefined, undefined, 3])
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

describe('the state of access', () => {
  it('becomes that of accounts with the first of them, and everybody has to say who they are', async () => {
    expect(await accessState()).toBe('local')
    expect(await identify({ header: () => undefined }, REST_TAKES)).toMatchObject({ role: 'owner' })
    await change(app.actor(), async ({ tx, record }) => {
      await tx.accessState.updateMany({ data: { first_owner_at: new Date() } })
      const target = { kind: STATE_KIND, id: app.identity.workspaceId, name: 'default' }
      record({ action: 'access.accounts', target })
    })
    await vi.waitFor(async () => expect(await accessState()).toBe('accounts'))
    await expect(identify({ header: () => undefined }, REST_TAKES)).rejects.toMatchObject({
      code: 'unauthenticated',
    })
  })
})
