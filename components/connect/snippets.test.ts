import { describe, expect, test } from 'vitest'
import { isLabelSelector } from '#lib/prompts/rules.ts'
import { clientsFor, endpointPath } from './snippets.ts'

const LOCAL = 'http://localhost:3000/api/mcp'
const texts = (endpoint: string, id: string) =>
  clientsFor(endpoint)
    .find((client) => client.id === id)
    ?.snippets.map(({ text }) => text) ?? []

describe('endpointPath', () => {
  test('says nothing of production and of all categories', () => {
    expect(endpointPath({ label: '', category: '' })).toBe('/api/mcp')
    expect(endpointPath({ label: 'production', category: '' })).toBe('/api/mcp')
  })

  test('narrows by label and category', () => {
    expect(endpointPath({ label: 'staging', category: 'data' })).toBe('/api/mcp?label=staging&category=data')
  })

  test('leaves out what cannot be a label', () => {
    expect(isLabelSelector('12')).toBe(false)
    expect(isLabelSelector('Staging')).toBe(false)
    expect(endpointPath({ label: 'Not one', category: '' })).toBe('/api/mcp')
  })
})

describe('clientsFor', () => {
  test('every snippet of every client holds the address', () => {
    for (const { snippets } of clientsFor(`${LOCAL}?label=staging`))
      for (const { text } of snippets) expect(text).toContain(`${LOCAL}?label=staging`)
  })

  test('what is JSON can be read back', () => {
    expect(JSON.parse(texts(LOCAL, 'cursor')[0] ?? '')).toEqual({ mcpServers: { incipit: { url: LOCAL } } })
    expect(JSON.parse(texts(LOCAL, 'vs-code')[0] ?? '')).toEqual({
      servers: { incipit: { type: 'http', url: LOCAL } },
    })
  })

  test('what adds the server to a program holds the address, and the key', () => {
    const proof = { kind: 'key', key: 'inc_secret' } as const
    const links = clientsFor(`${LOCAL}?label=a`, proof).flatMap(({ installs = [] }) => installs)
    const [cursor, vsCode, insiders, lmStudio, goose] = links.map(({ href }) => new URL(href))
    const server = { url: `${LOCAL}?label=a`, headers: { Authorization: 'Bearer inc_secret' } }
    for (const link of [cursor, lmStudio]) {
      expect(link?.searchParams.get('name')).toBe('incipit')
      expect(JSON.parse(atob(link?.searchParams.get('config') ?? ''))).toEqual(server)
    }
    for (const link of [vsCode, insiders]) {
      const config: unknown = JSON.parse(decodeURIComponent(link?.search.slice(1) ?? ''))
      expect(config).toEqual({ name: 'incipit', type: 'http', ...server })
    }
    expect(Object.fromEntries(goose?.searchParams ?? [])).toMatchObject({
      type: 'streamable_http',
      url: server.url,
      header: 'Authorization=Bearer inc_secret',
    })
    expect(goose?.href).not.toContain('+')
  })

  const KEY = { kind: 'key', key: 'inc_secret' } as const
  const withKey = (id: string) =>
    clientsFor(LOCAL, KEY)
      .find((client) => client.id === id)
      ?.snippets.map(({ text }) => text) ?? []

  test('a key is in the lines of every client, and in no file that is shared', () => {
    for (const { id, snippets } of clientsFor(LOCAL, KEY))
      expect([id, snippets.some(({ text }) => text.includes(KEY.key))]).toEqual([id, true])
    const shared = [withKey('claude-code')[1], withKey('vs-code')[0]]
    for (const file of shared) expect(file).not.toContain(KEY.key)
    expect(withKey('claude-code')[0]).toBe(
      `claude mcp add --transport http incipit ${LOCAL} --header 'Authorization: Bearer inc_secret'`,
    )
    expect(withKey('codex')).toEqual([
      'export INCIPIT_KEY=inc_secret',
      `codex mcp add incipit --url ${LOCAL} --bearer-token-env-var INCIPIT_KEY`,
      `[mcp_servers.incipit]\nurl = "${LOCAL}"\nbearer_token_env_var = "INCIPIT_KEY"`,
    ])
    expect(JSON.parse(withKey('claude-desktop')[0] ?? '')).toMatchObject({
      mcpServers: { incipit: { env: { INCIPIT_AUTHORIZATION: 'Bearer inc_secret' } } },
    })
  })

  test('nobody who signs in is shown a key, and each is told how', () => {
    const clients = clientsFor(LOCAL, { kind: 'sign-in' })
    expect(clients.map(({ id }) => id)).toEqual(expect.arrayContaining(['chatgpt', 'inspector']))
    const all = JSON.stringify(clients)
    expect(all).not.toMatch(/Authorization|inc_|INCIPIT_KEY/)
    for (const way of ['codex mcp login incipit', '/mcp auth incipit', 'opencode mcp auth incipit'])
      expect(all).toContain(way)
  })

  test('a shell does not read the query as its own', () => {
    expect(texts(LOCAL, 'claude-code')[0]).toBe(`claude mcp add --transport http incipit ${LOCAL}`)
    expect(texts(`${LOCAL}?label=a&category=b`, 'claude-code')[0]).toContain(`'${LOCAL}?label=a&category=b'`)
  })

  test('the bridge is told that plain http to another machine is meant', () => {
    expect(texts(LOCAL, 'claude-desktop')[0]).not.toContain('--allow-http')
    expect(texts('http://prompts.internal/api/mcp', 'claude-desktop')[0]).toContain('--allow-http')
    expect(texts('https://prompts.internal/api/mcp', 'claude-desktop')[0]).not.toContain('--allow-http')
  })
})
