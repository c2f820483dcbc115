import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { configOfDrill } from './restore-drill.ts'

const IN_USE = 'postgresql://app:word@in-use.internal/incipit'
const SCRATCH = 'postgresql://postgres@127.0.0.1:1/scratch'

let folder: string
let address: string
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'incipit-drill-'))
  address = file('address', `${IN_USE}\n`)
})
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, text: string): string {
  const place = path.join(folder, name)
  writeFileSync(place, text)
  return place
}

describe('the settings of a drill', () => {
  it.each<[string, () => Record<string, string>]>([
    [
      'variables',
      () => ({
        DATABASE_URL: IN_USE,
        INCIPIT_DATABASE_MIGRATE_URL: IN_USE,
        INCIPIT_DATABASE_REPLICAS: IN_USE,
      }),
    ],
    [
      'files of secrets',
      () => ({
        DATABASE_URL_FILE: address,
        INCIPIT_DATABASE_MIGRATE_URL_FILE: address,
        INCIPIT_DATABASE_REPLICAS_FILE: address,
      }),
    ],
    [
      'the file of the settings',
      () => ({
        INCIPIT_CONFIG: file(
          'config.json',
          JSON.stringify({ database: { url: IN_USE, migrate_url: IN_USE, replicas: [IN_USE] } }),
        ),
      }),
    ],
  ])('lead nowhere but to its own database, where %s name the one in use', (_where, environment) => {
    const config = configOfDrill(SCRATCH, environment())
    expect(config).toMatchObject({ databaseUrl: SCRATCH, database: { url: SCRATCH, replicas: [] } })
    expect(JSON.stringify(config)).not.toContain('in-use.internal')
  })
})
