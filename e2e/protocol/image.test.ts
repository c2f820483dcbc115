import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { asOwner, freshDatabase, ROOT } from '#lib/testing/database.ts'
import { APPS_SECRET, collect, freePort, waitFor } from '../start-app.ts'

/** With Debian's slim image, some 80 MB, this makes 350. */
const MEGABYTES = 260
const run = promisify(execFile)

let root: string
let dataDir: string
let database: Awaited<ReturnType<typeof freshDatabase>>
let account: { uid?: number; gid?: number }
let table: string
let app: ChildProcess
let printed: () => string
let url: string

const program = () => path.join(root, 'usr/local/bin/node')
const incipit = () => path.join(root, 'opt/incipit/scripts/packaged.mjs')

/** All that the app is told: no PATH, secrets as files alone. */
function environment(port: number): NodeJS.ProcessEnv {
  return {
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PORT: String(port),
    INCIPIT_DATA_DIR: dataDir,
    INCIPIT_LIMITS_DRAIN_MS: '200',
    DATABASE_URL_FILE: path.join(dataDir, 'url'),
    INCIPIT_DATABASE_MIGRATE_URL_FILE: path.join(dataDir, 'migrate-url'),
    INCIPIT_SECRET_FILE: path.join(dataDir, 'secret-of-all'),
  }
}

async function command(...args: string[]): Promise<{ stdout: Buffer; stderr: Buffer }> {
  const options = { cwd: dataDir, env: environment(0), ...account, encoding: 'buffer' as const }
  return run(program(), [incipit(), ...args], options)
}

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'incipit-image-'))
  await chmod(root, 0o755)
  const assembled = await run(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', 'scripts/image/assemble.mjs', root],
    { cwd: ROOT },
  )
  table = assembled.stdout
  database = await freshDatabase()
  account = await strangerWhoReaches(database.url)
  dataDir = await mkdtemp(path.join(tmpdir(), 'incipit-data-'))
  const files = {
    url: database.url,
    'migrate-url': asOwner(database.url),
    'secret-of-all': `${APPS_SECRET}\n`,
  }
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(dataDir, name), text)
  if (account.uid === undefined) await run('chmod', ['-R', 'a-w', root])
  else await chown(dataDir, account.uid, account.gid ?? 0)
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  app = spawn(program(), [incipit(), 'start'], { cwd: dataDir, env: environment(port), ...account })
  printed = collect(app)
  const exited = once(app, 'exit').then(([code]) => code as number | null)
  await waitFor(`${url}/health/ready`, exited, printed, 60_000)
}, 180_000)

afterAll(async () => {
  app?.kill('SIGKILL')
  await database?.drop()
  await run('chmod', ['-R', 'u+w', root])
  for (const folder of [root, dataDir]) await rm(folder, { recursive: true, force: true, maxRetries: 5 })
})

/** Root may write anywhere, so that another account runs the app: one that may enter the folder of the socket. */
async function strangerWhoReaches(address: string): Promise<{ uid?: number; gid?: number }> {
  if (process.getuid?.() !== 0) return {}
  const socket = new URL(address).searchParams.get('host')
  return socket === null ? { uid: 65_519, gid: 0 } : { uid: (await stat(socket)).uid, gid: 0 }
}

it('serves pages with their scripts, and tells no error', async () => {
  for (const page of ['/prompts', '/connect', '/settings', '/docs/templates']) {
    const answer = await fetch(`${url}${page}`)
    expect({ page, status: answer.status }).toEqual({ page, status: 200 })
    const script = /src="(\/(?:_next\/static|docs\/assets)\/[^"]+\.js)"/.exec(await answer.text())?.[1]
    expect((await fetch(`${url}${script}`)).status).toBe(200)
  }
  expect((await fetch(`${url}/wordmark.svg`)).status).toBe(200)
  expect(printed()).not.toMatch(/"level":"?(?:50|60|error|fatal)/)
})

it('serves REST from what the seed brought, and renders drafts in a thread', async () => {
  const list = await fetch(`${url}/api/prompts?limit=50`)
  expect((await list.json()).items.length).toBeGreaterThan(5)
  const draft = await fetch(`${url}/api/render`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ template_content: 'Hello {{ name }}', values: { name: 'Ada' } }),
  })
  expect(JSON.stringify(await draft.json())).toContain('Hello Ada')
})

it('serves MCP, and runs a generation in the background', async () => {
  const answer = await fetch(`${url}/api/mcp`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'prompts/list' }),
  })
  expect((await answer.json()).result.prompts.length).toBeGreaterThan(5)
  const post = (path: string, body: object) =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    })
  expect((await post('/api/prompts', { name: 'greeting', template_content: 'Hello' })).status).toBe(201)
  const generation = await post('/api/generations', { prompt: 'greeting', wait: 30 })
  expect(await generation.json()).toMatchObject({ status: 'succeeded' })
})

it('has the commands beside the running app', async () => {
  expect((await command('admin', 'users', 'list')).stdout.toString()).toBe('Nobody has an account yet.\n')
  const { stdout, stderr } = await command('backup', '-')
  expect(gunzipSync(stdout).length).toBeGreaterThan(10_000)
  expect(stderr.toString()).toContain('rows are in the backup')
  const file = path.join(dataDir, 'all.backup.gz')
  await writeFile(file, stdout)
  expect((await command('backup:verify', 'all.backup.gz')).stdout.toString()).toContain('is whole')
  await expect(command('restore', 'all.backup.gz')).rejects.toThrow('empty')
  expect((await command('admin')).stdout.toString()).toContain('users list')
  const { stdout: seen } = await command('admin', 'doctor', '--json').catch(
    (error: { stdout: Buffer }) => error,
  )
  expect(seen.toString()).toContain('migrations')
})

it('says how it is to HEALTHCHECK', async () => {
  const health = (port: string, ...args: string[]) =>
    run(program(), [incipit(), 'health', ...args], { env: { NODE_ENV: 'production', PORT: port } })
  await health(new URL(url).port)
  await health(new URL(url).port, 'ready')
  await expect(health(String(await freePort()))).rejects.toThrow('/health/live: connect ECONNREFUSED')
})

it('ends at SIGTERM, after the time in which it served on', async () => {
  const begun = Date.now()
  app.kill('SIGTERM')
  const [code] = await once(app, 'exit')
  expect(code).toBe(0)
  expect(Date.now() - begun).toBeGreaterThan(190)
  expect(Date.now() - begun).toBeLessThan(8_000)
})

it('holds no tool of the tests, and is small', async () => {
  const lock = JSON.parse(await readFile(path.join(ROOT, 'package-lock.json'), 'utf8'))
  const files = await readdir(path.join(root, 'opt/incipit'), { recursive: true })
  const packages = new Set(
    files.flatMap(
      (name) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/@]+(?=\/package\.json$)/.exec(name) ?? [],
    ),
  )
  expect(packages.size).toBeGreaterThan(50)
  expect([...packages].filter((name) => lock.packages[name]?.dev)).toEqual([])
  console.log(table)
  expect(Number(/([\d.]+) MB {2}everything/.exec(table)?.[1])).toBeLessThan(MEGABYTES)
})
