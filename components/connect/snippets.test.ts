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
