import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { countsOf } from '../../metrics.ts'
import {
  makeMember,
  PASSWORD,
  type TestPerson,
  Visitor,
  withAccounts,
} from '../../testing/accounts/visitor.ts'
import { type TestRuntime, testRuntime } from '../../testing/runtime.ts'
import { recognizeSessions } from './identify-session.ts'
import { totpCode, totpStep } from './totp.ts'

/** What is counted of signing in, exactly. */

let app: TestRuntime
let ada: TestPerson
beforeAll(async () => {
  app = await testRuntime()
  recognizeSessions()
  await withAccounts()
})
afterAll(() => app.close())
beforeEach(async () => {
  ada = await makeMember(app)
  for (const counted of [signIns(), limited()]) counted.clear()
})

const signIns = () => countsOf('incipit_sign_ins_total')
const limited = () => countsOf('incipit_rate_limited_total')
const figures = (counted: Iterable<[string, number]>) => Object.fromEntries(counted)

it('counts passwords that were right and wrong, of people who exist and who do not', async () => {
  for (let n = 0; n < 3; n++) expect((await new Visitor().signIn(ada.email)).status).toBe(200)
  for (const email of [ada.email, ada.email, 'nobody@example.test'])
    expect((await new Visitor().signIn(email, 'not the right sentence')).status).toBe(401)
  expect(figures(signIns())).toEqual({ 'password succeeded': 3, 'password refused': 3 })
  expect(figures(limited())).toEqual({})
})

it('counts a sign-in by its last proof, and none for setting an authenticator app up', async () => {
  const visitor = new Visitor()
  await visitor.signIn(ada.email)
  const { body } = await visitor.post('/two-factor/enable', { password: PASSWORD })
  const secret = new URL(body.totpURI).searchParams.get('secret') ?? ''
  const code = (off: number) => totpCode(secret, totpStep(Date.now()) + off)
  expect((await visitor.post('/two-factor/verify-totp', { code: code(0) })).status).toBe(200)
  expect(figures(signIns())).toEqual({ 'password succeeded': 1 })

  /** Gives the password, and then each of the proofs. */
  const prove = async (path: string, codes: readonly (string | undefined)[]) => {
    const other = new Visitor()
    await other.signIn(ada.email)
    const statuses: number[] = []
    for (const each of codes) statuses.push((await other.post(path, { code: each })).status)
    return statuses
  }
  // Each code counts once: the next one has its turn.
  expect(await prove('/two-factor/verify-totp', ['000000', code(1)])).toEqual([401, 200])
  const [first, second] = body.backupCodes
  const recovery = '/two-factor/verify-backup-code'
  expect(await prove(recovery, [first])).toEqual([200])
  expect(await prove(recovery, [first, second])).toEqual([401, 200])
  expect(figures(signIns())).toEqual({
    'password succeeded': 1,
    'totp refused': 1,
    'totp succeeded': 1,
    'recovery_code succeeded': 2,
    'recovery_code refused': 1,
  })
})

it('counts a try beyond the limit as one that was limited, and as no sign-in', async () => {
  const { sign_in_failures: most } = app.runtime.config.security
  for (let n = 0; n < most + 4; n++) await new Visitor().signIn(ada.email, 'not the right sentence')
  expect(figures(signIns())).toEqual({ 'password refused': most })
  expect(figures(limited())).toEqual({ sign_in: 4 })
})
