import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type AppWithAccounts, startWithAccounts } from './accounts.ts'
import { type InstalledClient, installClient } from './client-package.ts'

/* Where accounts are: what the keys that people make for programs and for CI can do with the package. */

let world: AppWithAccounts
let client: InstalledClient
let keys: Record<'agent' | 'ci', string>
let owner: Record<string, string>

beforeAll(async () => {
  world = await startWithAccounts()
  owner = { cookie: (await world.signedIn('owner')).cookie, origin: world.app.url }
  client = await installClient(world.app.url)
  const keyOf = async (preset: string) =>
    (await api('POST', '/api/keys', { name: preset, preset })).key as string
  keys = { agent: await keyOf('agent'), ci: await keyOf('ci') }
})
afterAll(async () => {
  await Promise.all([world.stop(), client.remove()])
})

async function api(method: string, at: string, body?: unknown, etag?: string) {
  const response = await fetch(world.app.url + at, {
    method,
    headers: {
      ...owner,
      'content-type': 'application/json',
      ...(etag !== undefined && { 'if-match': etag }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  expect([method, at, response.ok]).toEqual([method, at, true])
  return response.json()
}

it('the package is there for everybody, and nothing else is', async () => {
  const { code, err } = await client.incipit(['pull'])
  expect([code, err]).toEqual([4, expect.stringContaining('incipit login')])
  const wrong = await client.incipit(['pull'], { env: { INCIPIT_API_KEY: 'inc_wrong' } })
  expect(wrong.code).toBe(4)
})

it('an agent’s key renders here, and there what includes a version that it may not read', async () => {
  const part = await api('POST', '/api/prompts', { name: 'part', template_content: 'Old part' })
  await api('POST', '/api/prompts', { name: 'whole', template_content: '{% render "part" %} for {{ who }}' })
  await api(
    'POST',
    '/api/prompts/part/versions',
    { template_content: 'New part', labels: ['production'] },
    part.etag,
  )
  const { out, err } = await client.program(
    `import { createClient } from 'incipit'
     const errors = []
     const client = createClient({ onError: (error) => errors.push(error.message) })
     const here = await client.render('part')
     const there = await client.render('whole', { who: 'Ada' })
     client.outcome(here, { outcome: 'success' })
     client.outcome(there, { outcome: 'failure' })
     await client.close()
     console.log(JSON.stringify([here.content, here.label, there.content, errors]))`,
    { INCIPIT_API_KEY: keys.agent },
  )
  expect(err).toBe('')
  expect(JSON.parse(out)).toEqual(['New part', 'production', 'Old part for Ada', []])
  expect((await api('GET', '/api/outcomes')).items).toHaveLength(2)
})

it('a key for CI pulls, pushes and checks, and releases nothing', async () => {
  const env = { INCIPIT_API_KEY: keys.ci }
  const run = async (...args: string[]) => {
    const ran = await client.incipit([...args, '--dir', 'ci'], { env })
    return [ran.code, ran.out + ran.err] as const
  }
  await api('POST', '/api/prompts', { name: 'in_ci', template_content: 'Hello {{ who }}' })
  expect((await run('pull', 'in_ci'))[0]).toBe(0)
  const file = path.join(client.folder, 'ci', 'in_ci.md')
  await writeFile(file, (await readFile(file, 'utf8')).replace('Hello', 'Good day'))
  expect(await run('check')).toEqual([0, expect.stringContaining('0 errors')])
  expect(await run('push', '--label', 'production')).toEqual([4, expect.stringContaining('production')])
  expect((await run('push', '--label', 'staging'))[0]).toBe(0)
  const { labels } = await api('GET', '/api/prompts/in_ci?label=latest')
  expect(labels).toMatchObject([
    { label: 'production', version: 1 },
    { label: 'staging', version: 2 },
  ])
})
