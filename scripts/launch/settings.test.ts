import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { readSettings } from './settings.mjs'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'incipit-settings-'))
  const ours = Object.keys(process.env).filter((name) => /^(INCIPIT_|PORT$|HOST$|DATABASE_URL$)/.test(name))
  for (const name of ours) vi.stubEnv(name, undefined)
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
    hasOwnServer: false,
    shutdownMs: 10_000,
  })
  expect(path.basename(readSettings().dataDir)).toBe('.incipit')
})

it('lays the environment over the file', () => {
  useFile(JSON.stringify({ server: { port: 4000, host: '::1' }, database: { url: 'postgresql://file/db' } }))
  expect(readSettings()).toMatchObject({ host: '::1', port: 4000, hasOwnServer: true })
  vi.stubEnv('PORT', '0')
  vi.stubEnv('DATABASE_URL', 'postgresql://environment/db')
  expect(readSettings()).toMatchObject({ port: 0, hasOwnServer: true })
})

it('knows the names that are made from section and key, as the app does', () => {
  useFile(JSON.stringify({ server: { port: 4000 } }))
  vi.stubEnv('INCIPIT_SERVER_PORT', '5000')
  vi.stubEnv('INCIPIT_SERVER_HOST', '::1')
  vi.stubEnv('INCIPIT_DATABASE_URL', 'postgresql://environment/db')
  vi.stubEnv('INCIPIT_LIMITS_SHUTDOWN_MS', '500')
  expect(readSettings()).toMatchObject({ host: '::1', port: 5000, hasOwnServer: true, shutdownMs: 500 })
  vi.stubEnv('INCIPIT_SERVER_PORT', 'x')
  expect(() => readSettings()).toThrow('INCIPIT_SERVER_PORT must be a number')
})

it('knows of a database whose address is in a file', () => {
  useFile('{}')
  vi.stubEnv('DATABASE_URL_FILE', '/run/secrets/database_url')
  expect(readSettings()).toMatchObject({ hasOwnServer: true, drainMs: 5_000 })
})

it('waits for the time in which the app serves on', () => {
  useFile('{}')
  expect(readSettings().drainMs).toBe(0)
  vi.stubEnv('DATABASE_URL', 'postgresql://environment/db')
  expect(readSettings().drainMs).toBe(5_000)
  useFile(JSON.stringify({ limits: { drain_ms: 0 } }))
  expect(readSettings().drainMs).toBe(0)
  vi.stubEnv('INCIPIT_LIMITS_DRAIN_MS', '700')
  expect(readSettings().drainMs).toBe(700)
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
