import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { strFromU8, unzipSync } from 'fflate'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createConfiguration } from '#lib/ai/operations/create-configuration.ts'
import { createPrompt } from '#lib/prompts/operations/create-prompt.ts'
import { type TestRuntime, testRuntime } from '#lib/testing/runtime.ts'
import { runAdmin } from '../run-admin.ts'

/* Everything that must not be told is planted where a bundle looks, and looked for in what it holds. */

const PLANTED = {
  secret: 'planted-installation-secret-0123456789',
  previous: 'planted-previous-secret-0123456789abc',
  password: 'planted/database password',
  provider: 'sk-planted-provider-key-0123456789',
  odd: 'PLANTED.odd.key.of.a.provider',
  signing: `signkey-test-${'c0de'.repeat(16)}`,
  tracker: 'planted0tracker0key0123456789abcd',
  mail: 'planted-mail-password',
  owner: 'planted owner password',
  key: 'inc_PlantedApiKey0123456789abcdefghijklmnopqrstuvwxyz',
  cookie: 'PlantedSessionCookie0123456789',
  prompt: 'the planted words of a prompt',
} as const

let app: TestRuntime
let folder: string
beforeAll(async () => {
  app = await testRuntime({ secret: PLANTED.secret })
  folder = await mkdtemp(path.join(tmpdir(), 'incipit-bundle-'))
  await createPrompt(app.actor(), { name: 'planted', template_content: `Say ${PLANTED.prompt}` })
  await createConfiguration(app.actor(), {
    name: 'planted',
    provider: 'openai',
    model: 'm',
    api_key: PLANTED.provider,
  })
  const line = (more: object) =>
    JSON.stringify({ level: 'error', time: '2026-11-29T10:00:00Z', msg: 'a request failed', ...more })
  await writeFile(
    path.join(folder, 'app.log'),
    [
      line({
        err: {
          type: 'Error',
          message: PLANTED.prompt,
          stack: `Error: ${PLANTED.prompt}\n    at render (file.js:1:2)`,
        },
      }),
      line({
        body: PLANTED.prompt,
        cookie: `incipit-3000=${PLANTED.cookie}`,
        headers: { authorization: `Bearer ${PLANTED.key}` },
      }),
      line({
        reason: `connect to postgresql://incipit:${encodeURIComponent(PLANTED.password)}@db/incipit with ${PLANTED.odd}; reports to ${PLANTED.tracker}`,
      }),
      `no JSON: ${PLANTED.prompt} ${PLANTED.secret}`,
    ].join('\n'),
  )
  await writeFile(path.join(folder, 'key'), `${PLANTED.key}\n`)
})
afterAll(async () => {
  await app.close()
  await rm(folder, { recursive: true, force: true })
})

const environment = () => {
  const replica = new URL('postgresql://incipit@127.0.0.1:1/incipit')
  replica.password = PLANTED.password
  return {
    DATABASE_URL: app.database.url,
    INCIPIT_DATA_DIR: folder,
    INCIPIT_SECRET: PLANTED.secret,
    INCIPIT_SECRET_PREVIOUS: PLANTED.previous,
    INCIPIT_DATABASE_REPLICAS: replica.href,
    INCIPIT_MAIL_PASSWORD: PLANTED.mail,
    INCIPIT_OWNER_EMAIL: 'owner@example.org',
    INCIPIT_OWNER_PASSWORD: PLANTED.owner,
    OPENAI_API_KEY: PLANTED.provider,
    ODD_API_KEY: PLANTED.odd,
    INNGEST_BASE_URL: 'http://127.0.0.1:1',
    INNGEST_EVENT_KEY: PLANTED.signing,
    INNGEST_SIGNING_KEY: PLANTED.signing,
    SENTRY_DSN: `https://${PLANTED.tracker}@tracker.example.org/42`,
    PORT: '1',
  }
}

async function bundle(name: string, more: Record<string, string> = {}, log = 'app.log') {
  const file = path.join(folder, name)
  const args = ['bundle', file, '--log', path.join(folder, log), '--key-file', path.join(folder, 'key')]
  const said = await runAdmin(args, { ...environment(), ...more })
  expect(said).toMatchObject({ code: 0, stderr: '' })
  const entries = Object.entries(unzipSync(await readFile(file)))
  return { file, files: Object.fromEntries(entries.map(([each, content]) => [each, strFromU8(content)])) }
}

function expectNoSecrets(files: Record<string, string>, planted: Record<string, string> = PLANTED) {
  for (const [file, text] of Object.entries(files))
    for (const [what, secret] of Object.entries(planted))
      for (const form of [secret, encodeURIComponent(secret)])
        expect(text.includes(form) ? `${file} tells ${what}` : 'nothing').toBe('nothing')
}

it('a support bundle has what helps, none of the planted secrets, and replaces no file', async () => {
  const { file, files } = await bundle('support.zip')
  expectNoSecrets(files)
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(Object.keys(files).toSorted()).toEqual([
    'README.txt',
    'app.log',
    'database.json',
    'doctor.json',
    'health.json',
    'metrics.txt',
    'ready.json',
    'settings.json',
    'versions.json',
  ])
  expect(JSON.parse(files['settings.json'] ?? '')).toMatchObject({
    names: expect.arrayContaining(['DATABASE_URL', 'INCIPIT_SECRET', 'OPENAI_API_KEY', 'SENTRY_DSN']),
    values: {
      keys: { secret: true, providers: expect.arrayContaining(['OPENAI_API_KEY']) },
      limits: { outbox_tries: 20 },
      telemetry: { sentry_dsn: 'tracker.example.org/42' },
    },
  })
  expect(JSON.parse(files['database.json'] ?? '')).toMatchObject({
    server: { max_connections: expect.any(Number) },
    tables: expect.arrayContaining([expect.objectContaining({ name: 'prompt_version' })]),
  })
  expect(files['app.log']).toContain('at render (file.js:1:2)')
  expect(files['app.log']).toContain('1 lines that are no JSON of ours were left out')
  const before = await readFile(file)
  const again = await runAdmin(['bundle', file], environment())
  expect(again).toMatchObject({ code: 1 })
  expect(again.stderr).toContain('exists already')
  expect(await readFile(file)).toEqual(before)
})

it('a bundle says what it lacks, and is not made without what was named', async () => {
  const file = path.join(folder, 'lacks.zip')
  const { code, stdout } = await runAdmin(['bundle', file], environment())
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringContaining('http://127.0.0.1:1 cannot be reached'),
  })
  const none = path.join(folder, 'no-such')
  for (const args of [
    [path.join(folder, 'a.zip'), '--log', none],
    [path.join(folder, 'a.zip'), '--key-file', none],
    [path.join(none, 'a.zip')],
  ]) {
    const refused = await runAdmin(['bundle', ...args], environment())
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toMatch(new RegExp(`${none}\\b.*(?:cannot be read|is not there)`))
  }
})

it('a bundle is made while the database is away and the settings are wrong, without secrets as well', async () => {
  const away = new URL('postgresql://incipit@127.0.0.1:1/incipit')
  away.password = PLANTED.password
  expectNoSecrets((await bundle('away.zip', { DATABASE_URL: away.href })).files)
  const { files } = await bundle('wrong.zip', { DATABASE_URL: away.href, PORT: 'many' })
  expectNoSecrets(files)
  expect(files['doctor.json']).toContain('PORT (server.port)')
})

it('secrets in files are hidden while the settings are wrong', async () => {
  const data = path.join(folder, 'data')
  await mkdir(data)
  const own = 'planted-secret-of-the-data-folder-0123456789'
  await writeFile(path.join(data, 'secret'), `${own}\n`)
  const more: Record<string, string> = { INCIPIT_DATA_DIR: data, PORT: 'many' }
  for (const [name, value] of Object.entries(environment())) {
    if (!/SECRET|PASSWORD|KEY|REPLICAS|DATABASE_URL|DSN/.test(name)) continue
    more[`${name}_FILE`] = path.join(folder, `${name}.secret`)
    more[name] = ''
    await writeFile(path.join(folder, `${name}.secret`), `${value}\n`)
  }
  more.INCIPIT_DATABASE_MIGRATE_URL_FILE = path.join(folder, 'there-is-none')
  const settings = path.join(folder, 'settings.json')
  const address = 'postgresql://owner:planted-in-the-settings@db/incipit'
  await writeFile(settings, `{"database": {"migrate_url": "${address}"},`)
  more.INCIPIT_CONFIG = settings
  // These two are in no settings: a bundle leaves out the members of a line that hold them.
  const { cookie: _cookie, prompt: _prompt, ...inFiles } = PLANTED
  const log = [...Object.values(inFiles), own, 'planted-in-the-settings'].map((secret) =>
    JSON.stringify({ level: 'error', time: '2026-11-29T10:00:00Z', reason: `it was ${secret}` }),
  )
  await writeFile(path.join(folder, 'told.log'), log.join('\n'))
  const { files } = await bundle('files.zip', more, 'told.log')
  expect(files['settings.json']).toContain('cannot be used')
  expect(files['app.log']).toContain('it was ***')
  expectNoSecrets(files, { ...PLANTED, own, settings: 'planted-in-the-settings' })
})
