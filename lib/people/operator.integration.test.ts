import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { identify, REST_TAKES, systemActor } from '../access/identify.ts'
import { accessState, refreshAccessState } from '../access/state.ts'
import { listAudit } from '../audit/operations/list-audit.ts'
import { secretOf, signInAs, visit } from '../testing/accounts/people.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { findByEmail } from './auth/member.ts'
import { resetPassword } from './open/reset.ts'
import { setUp } from './open/set-up.ts'
import { followAccessState } from './open/set-up-link.ts'
import { forgetFactors, listPeople, makeOwner, resetByOperator, switchAccounts } from './operator.ts'

const OWNER = { name: 'Olga', email: 'olga@example.org', password: 'a horse of seven colours' }

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime({ feed: true })
  followAccessState(app.runtime)
  await setUp(visit(), OWNER)
})
afterAll(() => app.close())
beforeEach(async () => {
  await switchAccounts(operator(), 'on')
})

const operator = () => systemActor(app.identity)
const nobody = { header: () => undefined }
const sessions = async () =>
  (await app.runtime.database.primary.pool.query('SELECT FROM person_session')).rowCount

describe('the operator', () => {
  it('lists people, and makes a link for the last owner, which works without a sign-in', async () => {
    expect(await listPeople(operator())).toMatchObject([
      { email: OWNER.email, role: 'owner', deactivated: false },
    ])
    const { url } = await resetByOperator(operator(), 'Olga@Example.org ')
    const answer = await resetPassword(visit(), { token: secretOf(url), password: 'another good password' })
    expect(answer.status).toBe(204)
    await expect(resetByOperator(operator(), 'no@example.org')).rejects.toThrow('no member')
  })

  it('makes an owner of a member', async () => {
    const ann = await signInAs(app.actor(), 'viewer')
    await makeOwner(operator(), ann.email)
    expect(await findByEmail(ann.email)).toMatchObject({ role: 'owner', categories: null })
  })

  it('takes lost factors away', async () => {
    const ann = await signInAs(app.actor(), 'editor')
    const { pool } = app.runtime.database.primary
    await pool.query('UPDATE person SET two_factor_enabled = true WHERE id = $1', [ann.personId])
    await pool.query(
      `INSERT INTO person_passkey (id, person_id, name, credential_id, public_key, counter, backed_up)
       VALUES (gen_random_uuid(), $1, 'phone', 'c', 'k', 0, false)`,
      [ann.personId],
    )
    await forgetFactors(operator(), ann.email)
    expect((await findByEmail(ann.email))?.hasTotp).toBe(false)
    const left = await pool.query('SELECT FROM person_passkey WHERE person_id = $1', [ann.personId])
    expect(left.rowCount).toBe(0)
  })
})

describe('accounts', () => {
  it('are switched off and on again, and everything is as it was', async () => {
    const ann = await signInAs(app.actor(), 'editor')
    await expect(identify(nobody, REST_TAKES)).rejects.toMatchObject({ code: 'unauthenticated' })
    expect(await switchAccounts(operator(), 'off')).toBe(true)
    expect(await accessState()).toBe('local')
    expect(await identify(nobody, REST_TAKES)).toMatchObject({ id: app.identity.ownerId, role: 'owner' })
    // Whatever credential comes is not looked at.
    const header = (name: string) => (name === 'authorization' ? 'Bearer inc_nothing' : undefined)
    expect(await identify({ header }, REST_TAKES)).toMatchObject({ role: 'owner' })
    expect(await sessions()).toBe(0)
    expect(await switchAccounts(operator(), 'off')).toBe(false)
    await expect(setUp(visit(), OWNER)).rejects.toMatchObject({ code: 'conflict' })
    expect(await switchAccounts(operator(), 'on')).toBe(true)
    expect(await accessState()).toBe('accounts')
    expect(await findByEmail(ann.email)).toMatchObject({ role: 'editor', actorId: ann.actor.id })
    const { items } = await listAudit(app.actor(), { action: 'access.accounts_off' })
    expect(items[0]?.actor).toMatchObject({ kind: 'system' })
  })

  it('stay where others can come, even when they were switched off before', async () => {
    await switchAccounts(operator(), 'off')
    const { config } = app.runtime
    config.server.host = '0.0.0.0'
    await refreshAccessState()
    expect(await accessState()).toBe('accounts')
    await expect(switchAccounts(operator(), 'off')).rejects.toThrow('loopback')
    config.server.host = '127.0.0.1'
  })
})
