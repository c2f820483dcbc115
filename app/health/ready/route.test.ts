import { afterEach, beforeEach, expect, it } from 'vitest'
import { loadConfig } from '#lib/config/load.ts'
import { createRuntime, setRuntime } from '#lib/runtime.ts'
import { signInLocally } from '#lib/testing/runtime.ts'
import { GET } from './route.ts'

beforeEach(() => {
  setRuntime(createRuntime(loadConfig({ INCIPIT_LOG_LEVEL: 'silent' }, '/nowhere')))
  signInLocally({ workspaceId: 'w', ownerId: 'o', systemId: 's' })
})
afterEach(() => setRuntime(undefined))

async function ask(search: string, headers: Record<string, string>) {
  const request = new Request(`http://localhost/health/ready${search}`, {
    headers: { host: 'localhost', ...headers },
  })
  return (await GET(request)).status
}

it.each<[string, Record<string, string>]>([
  ['a page whose name was made to lead here', { host: 'evil.example', 'sec-fetch-site': 'same-origin' }],
  ['such a page without TLS', { host: 'evil.example', 'accept-language': 'de' }],
  ['a proxy', { 'x-forwarded-for': '203.0.113.9' }],
])('of one machine, %s learns the status and no more', async (_, headers) => {
  // It is starting: there is no database here.
  expect(await ask('', headers)).toBe(503)
  expect(await ask('?verbose', headers)).toBe(403)
})

it('tools ask for all of it under any name', async () => {
  expect(await ask('?verbose', {})).toBe(503)
  expect(await ask('?verbose', { host: '10.0.0.7:3000' })).toBe(503)
})
