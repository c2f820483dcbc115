import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { readSettings } from './settings.mjs'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'incipit-settings-'))
  for (const name of ['PORT', 'HOST', 'DATABASE_URL', 'INCIPIT_DATA_DIR', 'INCIPIT_SHUTDOWN_TIMEOUT_MS'])
    vi.stubEnv(name, undefined)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

function useFile(text: string): void {
  const file = path.join(folder, 'config.json')
  writeFileSync(file, text)
  vi.stubEnv('INCIPIT_CONFIG', file)
}

it('has defaults', () => {
  useFile('{}')
  expect(readSettings()).toMatchObject({
    host: '127.0.0.1',
    port: 3000,
    databaseUrl: undefined,
    shutdownMs: 10_000,
  })
  expect(path.basename(readSettings().dataDir)).toBe('.incipit')
})

it('lays the environment over the file', () => {
  useFile(JSON.stringify({ server: { port: 4000, host: '::1' }, database: { url: 'postgresql://file/db' } }))
  expect(readSettings()).toMatchObject({ host: '::1', port: 4000, databaseUrl: 'postgresql://file/db' })
  vi.stubEnv('PORT', '0')
  vi.stubEnv('DATABASE_URL', 'postgresql://environment/db')
  expect(readSettings()).toMatchObject({ port: 0, databaseUrl: 'postgresql://environment/db' })
})

it('names a port that is none, and a file that cannot be read', () => {
  useFile('{}')
  vi.stubEnv('PORT', 'http')
  expect(() => readSettings()).toThrow('PORT must be a number from 0 to 65535, not http.')
  useFile('{"server":')
  expect(() => readSettings()).toThrow('config.json cannot be read')
  vi.stubEnv('INCIPIT_CONFIG', path.join(folder, 'missing.json'))
  expect(() => readSettings()).toThrow('missing.json, which does not exist')
})
