import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Actor } from '../access/actor.ts'
import { actorOf } from '../access/actor.ts'
import { ActorStreams } from '../access/actor-streams.ts'
import { setCredentialResolver } from '../access/credentials.ts'
import { currentRights } from '../access/current-rights.ts'
import { identify, MCP_TAKES } from '../access/identify.ts'
import { change } from '../db/change.ts'
import { newId } from '../id.ts'
import { keyResolver } from '../keys/identify-key.ts'
import { createKey } from '../keys/operations/create-key.ts'
import { setRuntime } from '../runtime.ts'
import { connect, type OAuthServerForTests, serveOAuth } from '../testing/accounts/oauth.ts'
import { actorLike, type TestRuntime, testRequest, testRuntime } from '../testing/runtime.ts'
import { recognizeSessions } from './auth/identify-session.ts'
import { forgetFactors } from './operator.ts'

/* Keys and clients of people whose role must have a second factor. */

const ISSUER = 'https://login.example.org'

let app: TestRuntime
let server: OAuthServerForTests
beforeAll(async () => {
  app = await testRuntime({ feed: true, limits: { unknown_per_second: 0, registrations_per_hour: 1_000 } })
  setCredentialResolver('key', keyResolver)
  recognizeSessions()
  server = await serveOAuth(app)
})
afterAll(async () => {
  await server.close()
  await app.close()
})
afterEach(() => {
  security().second_factor_roles.splice(0)
  Object.assign(security(), { single_sign_on: undefined })
})

const security = () => app.runtime.config.security
const query = (text: string, ...values: unknown[]) => app.runtime.database.primary.pool.query(text, values)
const asking = (secret: string) =>
  identify({ header: (name) => (name === 'authorization' ? `Bearer ${secret}` : undefined) }, MCP_TAKES)
/** What a credential is good for: its scopes, or what its person must do first. */
const outcome = (secret: string) =>
  asking(secret).then(
    ({ scopes }) => scopes.size,
    (error: { code: string; extra: { must?: unknown } }) => [error.code, error.extra.must],
  )
const REFUSED = ['forbidden', ['second_factor']]

let person: Actor
let key: string
let token: string
beforeEach(async () => {
  person = await server.member('publisher')
  key = (await createKey(actorLike(person), { name: 'mine', scopes: ['prompts:read'] })).key
  token = (await connect(server, person, await server.register(), { scopes: ['prompts:read'] })).access
})

const personId = () => (person.credential.kind === 'session' ? person.credential.personId : '')
const FACTORS = {
  app: () => query('UPDATE person SET two_factor_enabled = true WHERE id = $1', personId()),
  passkey: () =>
    query(
      `INSERT INTO person_passkey (id, person_id, name, credential_id, public_key, counter, backed_up)
       VALUES ($1, $2, 'x', $3, '', 0, false)`,
      newId(),
      personId(),
      newId(),
    ),
  provider: () =>
    query(
      'INSERT INTO person_login (id, person_id, provider_id, account_id) VALUES ($1, $2, $3, $4)',
      newId(),
      personId(),
      ISSUER,
      newId(),
    ),
}

/** As every change of a person's access does. */
const tellRights = () =>
  change(app.actor(), async ({ record }) =>
    record({ action: 'person.test', target: { kind: 'actor', id: person.id, name: 'Ada' } }),
  )

describe('a person whose role must have a second factor', () => {
  beforeEach(() => void security().second_factor_roles.push('publisher', 'owner'))

  it('and has none has no use of keys and clients; services go on', async () => {
    expect([await outcome(key), await outcome(token)]).toEqual([REFUSED, REFUSED])
    const admin = await server.member('admin')
    const service = await createKey(actorLike(admin), {
      name: 'bot',
      kind: 'service',
      scopes: ['prompts:read'],
    })
    expect(await outcome(service.key)).toBe(1)
    const editor = await server.member('editor')
    const other = await createKey(actorLike(editor), { name: 'other', scopes: ['prompts:read'] })
    expect(await outcome(other.key)).toBe(1)
  })

  it('is asked for it as an owner, too, as whom no key acts', async () => {
    const owner = await server.member('owner')
    const made = await createKey(actorLike(owner), { name: 'mine', scopes: ['prompts:read'] })
    expect(await outcome(made.key)).toEqual(REFUSED)
  })

  it.each(['app', 'passkey'] as const)('and has it (%s) has the use of them', async (factor) => {
    await FACTORS[factor]()
    expect([await outcome(key), await outcome(token)]).toEqual([1, 1])
  })

  it('gets it by single sign-on, as long as that is with the provider of today', async () => {
    await FACTORS.provider()
    expect(await outcome(key)).toEqual(REFUSED)
    for (const [issuer, expected] of [
      ['https://other.example.org', REFUSED],
      [`${ISSUER}/`, 1],
    ]) {
      Object.assign(security(), { single_sign_on: { issuer } })
      await tellRights()
      expect([await outcome(key), await outcome(token)]).toEqual([expected, expected])
    }
  })

  it('has it from the moment on at which it is set up, and loses it within two seconds on every instance', async () => {
    expect(await outcome(key)).toEqual(REFUSED)
    await FACTORS.app()
    await tellRights()
    const other = app.secondInstance()
    await other.feed.start()
    const there = async () => {
      setRuntime(other)
      try {
        setCredentialResolver('key', keyResolver)
        return await outcome(key)
      } finally {
        setRuntime(app.runtime)
      }
    }
    try {
      expect([await outcome(key), await outcome(token), await there()]).toEqual([1, 1, 1])
      const { rows } = await query('SELECT email FROM person WHERE id = $1', personId())
      await forgetFactors(app.actor(), String(rows[0]?.email))
      await vi.waitFor(
        async () =>
          expect([await outcome(key), await outcome(token), await there()]).toEqual([
            REFUSED,
            REFUSED,
            REFUSED,
          ]),
        2000,
      )
    } finally {
      await other.close()
    }
  })

  it('loses open streams of keys and clients with it, and what still runs for them', async () => {
    await FACTORS.app()
    const streams = new ActorStreams({ limit: 10, feed: app.runtime.feed })
    const actors = [await asking(key), await asking(token)].map((each) => actorOf(each, testRequest()))
    const ended = actors.map((actor) => {
      const { promise, resolve } = Promise.withResolvers<void>()
      streams.open(
        actor,
        { write: () => true, onDrain: () => undefined, end: resolve },
        () => () => undefined,
      )
      return promise
    })
    await query('UPDATE person SET two_factor_enabled = false WHERE id = $1', personId())
    await tellRights()
    await Promise.all(ended)
    const background = await Promise.all(
      [...actors, person].map((actor) => currentRights(actor, { background: true })),
    )
    expect(background.map((now) => now?.scopes.size)).toEqual([0, 0, 0])
  })

  it('keeps the grants that there are for later, and its clients are told', async () => {
    const grants = async () =>
      (await query(`SELECT FROM oauth_grant WHERE person_actor_id = $1`, person.id)).rowCount
    expect(await outcome(token)).toEqual(REFUSED)
    expect(await grants()).toBe(1)
    const answer = await server.call(token, 'prompts/list')
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([403, null])
    await FACTORS.app()
    await tellRights()
    expect((await server.call(token, 'prompts/list')).status).toBe(200)
  })
})
