import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { connect, connectTo } from './connection.ts'
import { keepProfile, profilesFile } from './profiles.ts'

let folder: string
let keys: Record<string, string | null>
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'incipit-profiles-'))
  vi.stubEnv('XDG_CONFIG_HOME', folder)
  vi.stubEnv('APPDATA', folder)
  vi.stubEnv('INCIPIT_URL', undefined)
  vi.stubEnv('INCIPIT_API_KEY', 'inc_environment')
  keys = {}
  vi.stubGlobal('fetch', async (url: URL, init: RequestInit) => {
    keys[url.host] = new Headers(init.headers).get('authorization')
    return Response.json({})
  })
  await keepProfile('staging', { url: 'https://staging.test/', key: 'inc_staging' })
})
afterEach(async () => {
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
  await rm(folder, { recursive: true })
})

it('gives each side of a copy the key that is kept of it, and the one of the environment to the other alone', async () => {
  for (const place of ['https://staging.test', 'https://production.test']) await (await connectTo(place)).me()
  expect(keys).toEqual({
    'staging.test': 'Bearer inc_staging',
    'production.test': 'Bearer inc_environment',
  })
})

it('asks the instance of the lock file without a key, and takes no key of the environment there', async () => {
  const given = { words: [], text: () => undefined, list: () => [], flag: () => false }
  const lock = { url: 'https://elsewhere.test', label: 'latest', prompts: new Map() }
  expect((await connect(given, lock)).url).not.toBe('https://elsewhere.test')
  vi.stubEnv('INCIPIT_API_KEY', undefined)
  await (await connect(given, lock)).me()
  expect(keys).toEqual({ 'elsewhere.test': null })
})

it.runIf(process.platform !== 'win32')('keeps keys where nobody else reads them', async () => {
  expect((await stat(profilesFile())).mode & 0o777).toBe(0o600)
  expect((await stat(path.dirname(profilesFile()))).mode & 0o777).toBe(0o700)
})
