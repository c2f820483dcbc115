import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { promptCorpus, REQUESTS } from '#lib/testing/prompt-corpus.ts'
import { rest, textOf } from '../protocol/mcp-apps.ts'
import { type RunningApp, startApp } from '../start-app.ts'

/** The job of an agent: find the prompt for a task among some hundred, and get its text. */

const Seeded = z.object({ items: z.array(z.object({ name: z.string() })) })
const Shown = z.object({ prompts: z.array(z.object({ name: z.string(), variables: z.array(z.string()) })) })

let app: RunningApp
let client: Client
beforeAll(async () => {
  app = await startApp()
  const seeded = Seeded.parse(await rest(app, 'GET', '/api/prompts?limit=200')).items.map(({ name }) => name)
  for (const prompt of promptCorpus(10))
    if (!seeded.includes(prompt.name)) await rest(app, 'POST', '/api/prompts', prompt)
  client = new Client({ name: 'agent', version: '1' }, { versionNegotiation: { mode: 'auto' } })
  await client.connect(new StreamableHTTPClientTransport(new URL(`${app.url}/api/mcp`)))
}, 240_000)
afterAll(async () => {
  await client.close()
  await app.stop()
})

it('takes one search and one render, whatever the words', async () => {
  const places: number[] = []
  const slow: unknown[] = []
  let calls = 0
  let bytes = 0
  let longest = 0
  const call = (name: string, args: Record<string, unknown>) => {
    calls += 1
    return client.callTool({ name, arguments: args })
  }
  for (const [asked, meant] of REQUESTS) {
    const started = performance.now()
    const found = await call('search_prompts', { query: asked })
    longest = Math.max(longest, performance.now() - started)
    bytes = Math.max(bytes, JSON.stringify(found.structuredContent).length)
    const { prompts } = Shown.parse(found.structuredContent)
    const place = prompts.findIndex(({ name }) => name === meant)
    places.push(place)
    if (place !== 0) slow.push([asked, meant, place, prompts[0]?.name])
    const variables = Object.fromEntries(
      (prompts[place]?.variables ?? [])
        .filter((name) => !name.endsWith('?'))
        .map((name) => [name, 'something']),
    )
    const rendered = await call('render_prompt', { template_name: meant, variables })
    expect(rendered.isError).toBeUndefined()
    expect(textOf(rendered)).toContain('something')
  }
  const first = places.filter((place) => place === 0).length
  const among = places.filter((place) => place >= 0 && place < 3).length
  console.log({ requests: REQUESTS.length, first, among, calls, bytes, longest, slow })
  expect(among).toBe(REQUESTS.length)
  expect(first).toBeGreaterThanOrEqual(REQUESTS.length - 3)
  expect(calls).toBe(2 * REQUESTS.length)
  expect(bytes).toBeLessThan(8_000)
})
