import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { loadConfig, withCheckedTls } from './load.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'incipit-config-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function write(config: unknown): void {
  writeFileSync(
    path.join(folder, 'incipit.config.json'),
    typeof config === 'string' ? config : JSON.stringify(config),
  )
}

describe('loadConfig', () => {
  it('needs no file', () => {
    const config = loadConfig({}, folder)
    expect(config.server).toMatchObject({ host: '127.0.0.1', port: 3000 })
    expect(config.publicUrl).toBe('http://localhost:3000')
    expect(config.databaseUrl).toBeUndefined()
  })

  it('takes the first owner from the environment, both or neither, the password from a file as well', () => {
    const owner = { INCIPIT_OWNER_EMAIL: ' Ada@Example.org ' }
    expect(loadConfig({}, folder).keys.owner).toBeUndefined()
    expect(loadConfig({ ...owner, INCIPIT_OWNER_PASSWORD: 'a password' }, folder).keys.owner).toEqual({
      email: 'ada@example.org',
      password: 'a password',
    })
    const file = path.join(folder, 'password')
    writeFileSync(file, 'of a file\n')
    const named = { ...owner, INCIPIT_OWNER_PASSWORD_FILE: file }
    expect(loadConfig(named, folder).keys.owner?.password).toBe('of a file')
    expect(() => loadConfig(owner, folder)).toThrow('Set both INCIPIT_OWNER_EMAIL')
    expect(() => loadConfig({ INCIPIT_OWNER_PASSWORD: 'hush' }, folder)).toThrow(/^(?!.*hush).*Set both/s)
    expect(() => loadConfig({ ...named, INCIPIT_OWNER_PASSWORD: 'x' }, folder)).toThrow('not both')
    expect(() => loadConfig({ ...owner, INCIPIT_OWNER_PASSWORD_FILE: `${file}s` }, folder)).toThrow(
      'cannot be read',
    )
  })

  it('asks for a sender where there is a mail server', () => {
    const host = { INCIPIT_MAIL_HOST: 'smtp.example.org' }
    expect(() => loadConfig(host, folder)).toThrow('mail.from')
    const config = loadConfig({ ...host, INCIPIT_MAIL_USER: 'u', INCIPIT_MAIL_PASSWORD: 'p' }, folder)
    expect(config.keys.mailPassword).toBe('p')
  })

  it('takes keys and secrets from the environment, under the names of their variables', () => {
    const secret = 'x'.repeat(32)
    const environment = {
      OPENAI_API_KEY: 'sk-1',
      ACME_API_KEY: 'a',
      OTHER_API_KEY: '',
      INCIPIT_SECRET: secret,
    }
    expect(
      loadConfig({ ...environment, INCIPIT_SECRET_PREVIOUS: `${secret}1,${secret}2` }, folder).keys,
    ).toEqual({
      secret,
      previousSecrets: [`${secret}1`, `${secret}2`],
      providers: { OPENAI_API_KEY: 'sk-1', ACME_API_KEY: 'a' },
    })
  })

  it('lays the environment over the file', () => {
    write({
      server: { port: 4000, host: '0.0.0.0' },
      database: { url: 'postgresql://file/db', pool_size: 7 },
    })
    const config = loadConfig({ PORT: '5000', DATABASE_URL: 'postgresql://environment/db' }, folder)
    expect(config.server).toMatchObject({ port: 5000, host: '0.0.0.0' })
    expect(config.databaseUrl).toBe('postgresql://environment/db')
    expect(config.database.pool_size).toBe(7)
  })

  it('accepts the file of the original system with a notice', () => {
    write({
      server: { name: 'mcp-prompt-engineering-server', framework: 'fastapi', version: '1.0.0' },
      mcp: {
        protocol_version: '2024-11-05',
        capabilities: {
          prompts: { list_changed: true },
          resources: { list_changed: true },
          tools: { list_changed: true },
        },
      },
      database: { url: 'postgresql://user:pass@localhost/mcp_prompts', pool_size: 20, max_overflow: 30 },
    })
    const config = loadConfig({}, folder)
    expect(config.notices).toHaveLength(2)
    expect(config.database).toMatchObject({ pool_size: 20, max_overflow: 30 })
  })

  it.each([
    [{ server: { prot: 3000 } }, /server: .*prot/],
    [{ server: { port: 'eighty' } }, /server\.port/],
    [{ database: { url: 'mysql://x' } }, /database\.url: expected postgresql/],
    [{ limits: { body_bytes: 0 } }, /limits\.body_bytes/],
    [{ colour: 'red' }, /colour/],
    [[1, 2], /whole file/],
  ])('names the wrong key of %j', (config, message) => {
    write(config)
    expect(() => loadConfig({}, folder)).toThrow(message)
  })

  it('names a port that is no number', () => {
    expect(() => loadConfig({ PORT: 'http' }, folder)).toThrow(/server\.port/)
  })

  it.each([
    ['half of a surrogate pair', '{"server": {"name": "a\\ud83d"}}', /not valid JSON.*surrogate pair/],
    ['a NUL', '{"server": {"name": "a\\u0000"}}', /not valid JSON.*NUL/],
    ['a key that comes twice', '{"limits": {}, "limits": {}}', /not valid JSON.*twice/],
    ['a key of a prototype', '{"__proto__": {}}', /not valid JSON/],
    ['deep nesting', '['.repeat(10_000), /not valid JSON.*deeper/],
  ])('refuses a file with %s', (_, text, message) => {
    write(text)
    expect(() => loadConfig({}, folder)).toThrow(message)
  })

  it('takes a file with the byte order mark of an editor', () => {
    write('\uFEFF{"server": {"name": "Prompts \u{1F600}"}}')
    expect(loadConfig({}, folder).server.name).toBe('Prompts \u{1F600}')
  })

  it.each(['sk-\u{1F600}', 'sk-\u00e9', 'sk two words', 'sk\tx', 'sk-\uFEFF1', 'sk\u0000'])(
    'does not use a key that no header can carry: %j',
    (key) => {
      const loaded = loadConfig({ OPENAI_API_KEY: key }, folder)
      expect(loaded.keys.providers).toEqual({})
      expect(loaded.warnings).toEqual([expect.stringContaining('OPENAI_API_KEY')])
      expect(loaded.warnings.join()).not.toContain(key)
    },
  )

  it('takes a key without the line end of the file that it was read from', () => {
    expect(loadConfig({ OPENAI_API_KEY: 'sk-1\r\n' }, folder)).toMatchObject({
      keys: { providers: { OPENAI_API_KEY: 'sk-1' } },
      notices: [],
    })
  })

  it('says where JSON is broken', () => {
    write('{"server": ')
    expect(() => loadConfig({}, folder)).toThrow(/not valid JSON/)
  })

  it('refuses a named file that does not exist', () => {
    expect(() => loadConfig({ INCIPIT_CONFIG: 'missing.json' }, folder)).toThrow(/does not exist/)
  })
})

const BASE = 'postgresql://me:p%40ss@db.example/prompts'

it.each([
  ['?sslmode=require', '?sslmode=verify-full'],
  ['?a=1&sslmode=prefer&b=2', '?a=1&sslmode=verify-full&b=2'],
  ['?sslmode=verify-ca', '?sslmode=verify-full'],
  ['?sslmode=verify-full', '?sslmode=verify-full'],
  ['?sslmode=no-verify', '?sslmode=no-verify'],
  ['?sslmode=disable', '?sslmode=disable'],
  ['?sslmode=require&uselibpqcompat=true', '?sslmode=require&uselibpqcompat=true'],
  ['', ''],
])('%s becomes %s', (given, taken) => {
  expect(withCheckedTls(BASE + given)).toBe(BASE + taken)
})

it.each([
  ['require', true],
  ['prefer', true],
  ['verify-ca', true],
  ['verify-full', true],
  ['no-verify', false],
])('with %s the driver checks the certificate: %s, and warns of nothing', (mode, isChecked) => {
  const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
  const client = new pg.Client({ connectionString: withCheckedTls(`${BASE}?sslmode=${mode}`) })
  expect(client.ssl).toEqual(isChecked ? {} : { rejectUnauthorized: false })
  expect(warned).not.toHaveBeenCalled()
  warned.mockRestore()
})
