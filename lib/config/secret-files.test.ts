import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadConfig } from './load.ts'
import { SECRET_NAMES, withSecretFiles } from './secret-files.ts'

const secret = 'a secret of more than thirty-two characters'
const url = 'postgresql://app:word@db.internal/incipit'
let folder: string

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'incipit-secrets-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function file(text: string): string {
  const name = path.join(folder, String(Math.random()))
  writeFileSync(name, text)
  return name
}

it('reads each secret from the file that its variable names, without the line end', () => {
  for (const name of [...SECRET_NAMES, 'ACME_API_KEY'])
    expect(withSecretFiles({ [`${name}_FILE`]: file(`the secret\n`) })[name]).toBe('the secret')
})

it('lays them where the configuration looks', () => {
  const config = loadConfig(
    {
      DATABASE_URL_FILE: file(url),
      INCIPIT_DATABASE_MIGRATE_URL_FILE: file(`${url}\n`),
      INCIPIT_DATABASE_REPLICAS_FILE: file(`${url},${url}\n`),
      INCIPIT_SECRET_FILE: file(`${secret}\r\n`),
      INCIPIT_SECRET_PREVIOUS_FILE: file(`${secret}1,${secret}2`),
      INNGEST_SIGNING_KEY_FILE: file('key'),
      OPENAI_API_KEY_FILE: file('sk-1\n'),
    },
    folder,
  )
  expect(config).toMatchObject({
    databaseUrl: url,
    migrateUrl: url,
    database: { replicas: [url, url] },
    keys: { secret, previousSecrets: [`${secret}1`, `${secret}2`], providers: { OPENAI_API_KEY: 'sk-1' } },
    inngestServer: { signingKey: 'key' },
    warnings: [],
  })
})

it('refuses a secret that is given twice, and a file that is not there', () => {
  expect(() => loadConfig({ INCIPIT_SECRET: secret, INCIPIT_SECRET_FILE: file(secret) }, folder)).toThrow(
    'Set INCIPIT_SECRET or INCIPIT_SECRET_FILE, not both.',
  )
  expect(() => loadConfig({ DATABASE_URL_FILE: '/nowhere/url' }, folder)).toThrow(
    'DATABASE_URL_FILE names a file that cannot be read: /nowhere/url',
  )
})

it.each(['', '\n', ' \t\r\n\n'])('refuses a file that holds %j, with the way out', (text) => {
  for (const name of [...SECRET_NAMES, 'ACME_API_KEY']) {
    const place = file(text)
    expect(() => loadConfig({ [`${name}_FILE`]: place }, folder)).toThrow(
      `${name}_FILE names a file that has nothing in it: ${place}. Write the secret into it, or unset ${name}_FILE.`,
    )
  }
})

it('takes an empty variable for none', () => {
  expect(withSecretFiles({ INCIPIT_SECRET_FILE: '' })).toEqual({ INCIPIT_SECRET_FILE: '' })
})

it('has its names in the documentation', () => {
  const text = readFileSync(path.resolve(import.meta.dirname, '../../docs/configuration.md'), 'utf8')
  const paragraph = text.split('\n').find((line) => line.startsWith('**Secrets as files.**'))
  for (const name of SECRET_NAMES) expect(paragraph).toContain(`\`${name}\``)
})
