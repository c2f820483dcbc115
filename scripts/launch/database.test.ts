import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { root } from '../root.mjs'
import { databaseToLookAt } from './database.mjs'
import { needOfDatabase } from './database-scripts.mjs'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'incipit-look-'))
  for (const name of Object.keys(process.env).filter((each) => /^(?:INCIPIT_|DATABASE_URL)/.test(each)))
    vi.stubEnv(name, undefined)
  const file = path.join(folder, 'config.json')
  writeFileSync(file, '{}')
  vi.stubEnv('INCIPIT_CONFIG', file)
  vi.stubEnv('INCIPIT_DATA_DIR', folder)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

it.each(['DATABASE_URL', 'INCIPIT_DATABASE_URL', 'DATABASE_URL_FILE'])(
  'a database that %s names is looked at, with nothing in the data folder',
  async (name) => {
    vi.stubEnv(name, 'postgresql://app@db.internal/incipit')
    const { environment } = await databaseToLookAt('doctor')
    expect(environment).toEqual({ INCIPIT_ROOT: root, INCIPIT_DATA_DIR: folder })
  },
)

it('where there is no database yet, none is made to look at', async () => {
  const { environment } = await databaseToLookAt('doctor')
  expect(environment).toEqual({
    INCIPIT_ROOT: root,
    INCIPIT_DATABASE_PROBLEM: expect.stringContaining('there is none'),
  })
})

it.each([
  ['doctor', 'a look'],
  ['--json bundle support.zip', 'a look'],
  ['people list', 'it open'],
  ['restore-drill file --beside', 'it open'],
  ['restore-drill file', 'nothing'],
  ['backup-verify file', 'nothing'],
  ['doctor --help', 'nothing'],
  ['', 'nothing'],
])('admin %s needs of the database: %s', (line, need) => {
  expect(needOfDatabase(line.split(' ').filter((arg) => arg !== ''))).toBe(need)
})
