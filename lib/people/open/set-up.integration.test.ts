import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { accessState, refreshAccessState } from '../../access/state.ts'
import { listAudit } from '../../audit/operations/list-audit.ts'
import { secretOf, visit } from '../../testing/accounts/people.ts'
import { makeCategory } from '../../testing/factories.ts'
import { type TestRuntime, testRuntime } from '../../testing/runtime.ts'
import { findByEmail } from '../auth/member.ts'
import { isPassword } from '../auth/passwords.ts'
import { makeConfiguredOwner } from './configured-owner.ts'
import { setUp } from './set-up.ts'
import { makeSetUpLink } from './set-up-link.ts'

const OWNER = { name: 'Olga', email: 'olga@example.org', password: 'a horse of seven colours' }

let app: TestRuntime
let dataDir: string
beforeEach(async () => {
  app = await testRuntime({ feed: true })
  dataDir = mkdtempSync(path.join(tmpdir(), 'incipit-set-up-'))
  Object.assign(app.runtime.config, { dataDir })
})
afterEach(async () => {
  await app.close()
  rmSync(dataDir, { recursive: true, force: true })
})

const file = () => path.join(dataDir, 'set-up-link')
/** Lets other machines come, and makes the link. */
async function makeLink(): Promise<string> {
  app.runtime.config.server.host = '0.0.0.0'
  await makeSetUpLink(app.runtime)
  return readFileSync(file(), 'utf8').trim()
}
const errorOf = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: { code: string }) => error.code,
  )
const owners = async () =>
  (await app.runtime.database.primary.pool.query(`SELECT actor_id FROM member WHERE role = 'owner'`)).rows

describe('the link to the set-up page', () => {
  it('makes the owner, who takes over what the local owner did, and is over then', async () => {
    await makeCategory(app.actor(), { slug: 'before' })
    const link = await makeLink()
    expect(link).toMatch(/^http:\/\/localhost:3000\/set-up#[\w-]{43}$/)
    expect(statSync(file()).mode & 0o777).toBe(0o600)
    expect(await accessState()).toBe('set_up')
    const input = { ...OWNER, token: secretOf(link) }
    const answer = await setUp(visit(), input)
    expect(answer).toMatchObject({ status: 201, body: { email: OWNER.email } })
    expect(answer.cookie).toMatch(/HttpOnly/)
    expect(await accessState()).toBe('accounts')
    expect(await owners()).toEqual([{ actor_id: app.identity.ownerId }])
    expect(existsSync(file())).toBe(false)
    const { items } = await listAudit(app.actor(), {})
    expect(items.map(({ action, actor }) => [action, actor.display])).toEqual([
      ['session.create', 'Olga'],
      ['member.create', 'Olga'],
      ['access.set_up', 'Olga'],
      ['category.create', 'Olga'],
    ])
    const found = await findByEmail(OWNER.email)
    expect(found).toMatchObject({ role: 'owner', actorId: app.identity.ownerId })
    expect(await isPassword(found?.password, OWNER.password)).toBe(true)
    expect(await errorOf(setUp(visit(), input))).toBe('conflict')
  })

  it('is kept as a hash alone, so that every instance takes it', async () => {
    const token = secretOf(await makeLink())
    const { rows } = await app.runtime.database.primary.pool.query<{ set_up_hash: Buffer }>(
      'SELECT set_up_hash FROM access_state',
    )
    expect(rows[0]?.set_up_hash).toHaveLength(32)
    expect(JSON.stringify(rows)).not.toContain(token)
    expect(await errorOf(setUp(visit(), { ...OWNER, token }))).toBeUndefined()
  })

  it('is replaced by a restart, ends after a day, and is not guessed', async () => {
    const first = secretOf(await makeLink())
    const second = secretOf(await makeLink())
    expect(second).not.toBe(first)
    expect(await errorOf(setUp(visit(), { ...OWNER, token: first }))).toBe('not_found')
    expect(await errorOf(setUp(visit(), OWNER))).toBe('invalid_input')
    const { pool } = app.runtime.database.primary
    await pool.query(`UPDATE access_state SET set_up_expires_at = now() - interval '1 second'`)
    expect(await errorOf(setUp(visit(), { ...OWNER, token: second }))).toBe('not_found')
    expect(await owners()).toEqual([])
  })

  it('takes no more wrong ones from an address than are allowed', async () => {
    app.runtime.config.security.sign_in_failures_address = 3
    const token = secretOf(await makeLink())
    const wrong = { ...OWNER, token: 'wrong' }
    const codes: (string | undefined)[] = []
    for (let n = 0; n < 4; n++) codes.push(await errorOf(setUp(visit(), wrong)))
    expect(codes).toEqual(['not_found', 'not_found', 'not_found', 'rate_limited'])
    expect(await errorOf(setUp(visit('203.0.113.8'), { ...OWNER, token }))).toBeUndefined()
  })

  it('makes one owner of many who bring it at once, and keeps a weak password out', async () => {
    const token = secretOf(await makeLink())
    expect(await errorOf(setUp(visit(), { ...OWNER, password: 'short', token }))).toBe('invalid_input')
    const calls = Array.from({ length: 12 }, (_, n) =>
      setUp(visit(`203.0.113.${n}`), { ...OWNER, email: `o${n}@example.org`, token }),
    )
    const codes = await Promise.all(calls.map(errorOf))
    expect(codes.filter((code) => code === undefined)).toHaveLength(1)
    expect(new Set(codes)).toEqual(new Set([undefined, 'conflict']))
    expect(await owners()).toHaveLength(1)
  })

  it('is not made in local mode, where none is needed, but is where everybody is let in', async () => {
    await makeSetUpLink(app.runtime)
    expect(existsSync(file())).toBe(false)
    app.runtime.config.security.allow_open = true
    await makeSetUpLink(app.runtime)
    expect(existsSync(file())).toBe(true)
    expect(await errorOf(setUp(visit(), OWNER))).toBe('invalid_input')
    app.runtime.config.security.allow_open = false
    expect(await errorOf(setUp(visit(), OWNER))).toBeUndefined()
    expect(await accessState()).toBe('accounts')
  })

  it('changes the state of another instance as well', async () => {
    const token = secretOf(await makeLink())
    const second = app.secondInstance()
    const told = new Promise<string[]>((resolve) => {
      second.feed.onChange(({ targets }) => resolve(targets.map(({ kind }) => kind)))
    })
    await second.feed.start()
    await setUp(visit(), { ...OWNER, token })
    expect(await told).toEqual(['access', 'actor'])
    await second.close()
  })
})

describe('the owner of the environment', () => {
  const configure = (email: string, password: string) =>
    Object.assign(app.runtime.config.keys, { owner: { email, password } })

  it('is made while there is no account, and has no effect afterwards', async () => {
    configure('Root@Example.org', OWNER.password)
    await Promise.all([makeConfiguredOwner(app.runtime), makeConfiguredOwner(app.runtime)])
    expect(await findByEmail('root@example.org')).toMatchObject({ role: 'owner', name: 'root' })
    configure('other@example.org', OWNER.password)
    await makeConfiguredOwner(app.runtime)
    expect(await findByEmail('other@example.org')).toBeUndefined()
    await app.runtime.database.primary.pool.query('UPDATE access_state SET accounts_off_at = now()')
    await refreshAccessState()
    await makeConfiguredOwner(app.runtime)
    expect(await owners()).toHaveLength(1)
  })

  it('ends the start with the name of the variable when it cannot be used, and not its value', async () => {
    configure('root', OWNER.password)
    await expect(makeConfiguredOwner(app.runtime)).rejects.toThrow('INCIPIT_OWNER_EMAIL')
    configure('root@example.org', 'hush')
    const failure = makeConfiguredOwner(app.runtime)
    await expect(failure).rejects.toThrow('INCIPIT_OWNER_PASSWORD')
    await expect(failure).rejects.not.toThrow('hush')
  })
})
