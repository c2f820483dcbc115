import { afterAll, beforeAll, expect, it } from 'vitest'
import { secretOf } from '../../testing/accounts/people.ts'
import { PASSWORD, Visitor } from '../../testing/accounts/visitor.ts'
import { type TestRuntime, testRuntime } from '../../testing/runtime.ts'
import { recognizeSessions } from '../auth/identify-session.ts'
import { createInvitation } from '../operations/create-invitation.ts'

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime()
  recognizeSessions()
})
afterAll(() => app.close())

it('leads from a fresh server to an owner and an invited person, each with a session', async () => {
  const olga = new Visitor()
  const owner = { name: 'Olga', email: 'Olga@example.org', password: PASSWORD }
  expect((await olga.post('/set-up', { ...owner, role: 'owner' })).status).toBe(400)
  expect((await olga.post('/invitation/look', { token: 'x' })).status).toBe(409)
  const made = await olga.post('/set-up', owner)
  expect(made).toMatchObject({ status: 201, body: { email: 'olga@example.org' } })
  const actor = await olga.actor()
  expect(actor).toMatchObject({ id: app.identity.ownerId, role: 'owner', credential: { kind: 'session' } })
  expect((await new Visitor().post('/set-up', owner)).status).toBe(409)

  const { url } = await createInvitation(actor, { email: 'nina@example.org', role: 'editor' })
  const nina = new Visitor()
  const token = secretOf(url)
  expect((await nina.post('/invitation/look', { token })).body).toMatchObject({ role: 'editor' })
  const accepted = await nina.post('/invitation/accept', { token, name: 'Nina', password: PASSWORD })
  expect(accepted.status).toBe(201)
  expect(await nina.actor()).toMatchObject({ role: 'editor', kind: 'person' })
  const again = await nina.post('/invitation/accept', { token, name: 'Nina', password: PASSWORD })
  expect(again).toMatchObject({ status: 404, body: { code: 'not_found' } })
  expect((await nina.post('/reset', { token, password: PASSWORD })).status).toBe(404)
  expect((await nina.post('/request-password-reset', { email: 'nina@example.org' })).status).toBe(204)
})
