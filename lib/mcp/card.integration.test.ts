import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { refreshAccessState } from '../access/state.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { CARD_PATHS } from './card.ts'
import { cardEarly } from './card-protocol.ts'

let app: TestRuntime
let server: Server
let url = ''
beforeAll(async () => {
  app = await testRuntime()
  server = createServer((request, response) => {
    if (!cardEarly(request, response)) response.writeHead(418).end()
  })
  server.listen({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  const address = server.address()
  url = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : ''
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await app.close()
})

/** What both schemas ask of the facts that they have in common. */
const Described = {
  $schema: z.url(),
  name: z
    .string()
    .regex(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/)
    .min(3)
    .max(200),
  title: z.string().min(1).max(100),
  description: z.string().min(1).max(100),
  version: z.string().max(255),
  websiteUrl: z.url(),
}
const Remote = {
  type: z.literal('streamable-http'),
  url: z.string().regex(/^https?:\/\/\S+$/),
  headers: z
    .array(
      z.strictObject({
        name: z.literal('Authorization'),
        description: z.string().optional(),
        isRequired: z.boolean(),
        isSecret: z.literal(true),
        value: z.string(),
        variables: z.record(z.string(), z.looseObject({ isSecret: z.boolean() })),
      }),
    )
    .optional(),
}
const Card = z.strictObject({
  ...Described,
  remotes: z.array(z.strictObject({ ...Remote, supportedProtocolVersions: z.array(z.string()) })),
})
const RegistryEntry = z.strictObject({ ...Described, remotes: z.array(z.strictObject(Remote)) })

async function read(path: string): Promise<unknown> {
  const response = await fetch(url + path)
  expect(response.status).toBe(200)
  expect(response.headers.get('access-control-allow-origin')).toBe('*')
  return response.json()
}

describe('the server before anybody connects', () => {
  it('is found by its catalog, and described by a card', async () => {
    const catalog = z
      .strictObject({
        specVersion: z.string(),
        entries: z.tuple([
          z.strictObject({
            identifier: z.string().regex(/^urn:air:[\w.-]+:[\w.-]+$/),
            displayName: z.string(),
            type: z.literal('application/mcp-server-card+json'),
            url: z.url(),
          }),
        ]),
      })
      .parse(await read(CARD_PATHS.catalog))
    expect(new URL(catalog.entries[0].url).pathname).toBe(CARD_PATHS.card)
    const response = await fetch(url + CARD_PATHS.card)
    expect(response.headers.get('content-type')).toBe('application/mcp-server-card+json')
    const card = Card.parse(await response.json())
    expect(card.remotes).toMatchObject([{ url: expect.stringMatching(/\/api\/mcp$/) }])
    expect(card.remotes[0]?.supportedProtocolVersions).toContain('2026-07-28')
    expect(card.remotes[0]?.headers).toBeUndefined()
  })

  it('is described to registries by the same facts', async () => {
    const entry = RegistryEntry.parse(await read(CARD_PATHS.registry))
    const card = Card.parse(await read(CARD_PATHS.card))
    const facts = ({ name, title, description, version, websiteUrl }: typeof entry) =>
      JSON.stringify([name, title, description, version, websiteUrl])
    expect(facts(entry)).toBe(facts({ ...card, remotes: [] }))
  })

  it('asks for a key once there are accounts', async () => {
    const { pool } = app.runtime.database.primary
    await pool.query('UPDATE access_state SET first_owner_at = now()')
    await refreshAccessState()
    const entry = RegistryEntry.parse(await read(CARD_PATHS.registry))
    expect(entry.remotes[0]?.headers).toMatchObject([{ name: 'Authorization', value: 'Bearer {key}' }])
  })

  it('is read, and nothing else', async () => {
    const posted = await fetch(url + CARD_PATHS.card, { method: 'POST' })
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS'])
    expect((await fetch(`${url}/.well-known/mcp`)).status).toBe(418)
  })
})
