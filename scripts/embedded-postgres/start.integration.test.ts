import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, lstatSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { migrate } from '#lib/db/migrations/migrate.ts'
import { ROOT, withClient } from '#lib/testing/database.ts'
import { readPid } from './server.mjs'
import { startEmbeddedPostgres } from './start.mjs'

type Postgres = Awaited<ReturnType<typeof startEmbeddedPostgres>>

let made: string
let folder: string
let dataDir: string
const started: Postgres[] = []

function newFolder(): string {
  const created = mkdtempSync(path.join(tmpdir(), 'incipit-test-'))
  // Root's PostgreSQL runs as somebody else, who must get through.
  chmodSync(created, 0o711)
  return created
}

beforeAll(async () => {
  made = newFolder()
  const postgres = await startEmbeddedPostgres({ dataDir: path.join(made, '.incipit') })
  await postgres.stop()
})
afterAll(() => rmSync(made, { recursive: true, force: true }))
beforeEach(() => {
  folder = newFolder()
  dataDir = path.join(folder, '.incipit')
  copyMade()
})
/** Owners and all: making a cluster anew takes most of the time. */
const copyMade = () => execFileSync('cp', ['-a', path.join(made, '.incipit'), dataDir])
afterEach(async () => {
  for (const postgres of started.splice(0).toReversed()) await postgres.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function start(options: Omit<Parameters<typeof startEmbeddedPostgres>[0], 'dataDir'> = {}) {
  const postgres = await startEmbeddedPostgres({ dataDir, ...options })
  started.push(postgres)
  return postgres
}

function ask(url: string, sql: string): Promise<unknown> {
  return withClient(url, async (client) => {
    const { rows } = await client.query({ text: sql, rowMode: 'array' })
    return rows[0]?.[0]
  })
}

function pidOf(postgres: Postgres): number {
  const found = readPid(postgres)
  if (found === null) throw new Error('PostgreSQL does not run')
  return found.pid
}

/** A process that starts the database and is killed, as an app might be. */
async function startAndBeKilled(): Promise<void> {
  const script = `
    const { startEmbeddedPostgres } = await import(${JSON.stringify(path.join(import.meta.dirname, 'start.mjs'))})
    await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)} })
    process.kill(process.pid, 'SIGKILL')`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' })
  await once(child, 'exit')
}

describe('the embedded PostgreSQL', () => {
  it('gives the app a role that is no superuser, in UTF-8 and code point order', async () => {
    dataDir = path.join(folder, 'new')
    const { url } = await start()
    await expect(ask(url, 'SELECT rolsuper FROM pg_roles WHERE rolname = current_user')).resolves.toBe(false)
    await expect(ask(url, 'SHOW server_encoding')).resolves.toBe('UTF8')
    await expect(
      ask(url, `SELECT string_agg(t, '' ORDER BY t) FROM unnest('{a,B,ä,Z}'::text[]) t`),
    ).resolves.toBe('BZaä')
    await expect(ask(url, `SELECT lower('ÄÖ')`)).resolves.toBe('äö')
    await expect(ask(url, 'SHOW fsync')).resolves.toBe('on')
  })

  it('listens on a socket that nobody else may reach, and on no port', async () => {
    const { url, socketDir } = await start()
    await expect(ask(url, 'SHOW listen_addresses')).resolves.toBe('')
    expect(lstatSync(socketDir ?? '').mode & 0o777).toBe(0o700)
  })

  it('keeps its data over a stop', async () => {
    const first = await start()
    await withClient(first.ownerUrl, (client) => client.query('CREATE TABLE kept (n int)'))
    await first.stop()
    expect(readPid(first)).toBeNull()
    const { ownerUrl } = await start()
    await expect(ask(ownerUrl, 'SELECT count(*)::int FROM kept')).resolves.toBe(0)
  })

  it('gives a folder of an earlier version the role that serves, with rights to rows alone', async () => {
    const earlier = await start()
    await migrate(earlier.ownerUrl, ROOT)
    await ask(earlier.superuserUrl, 'DROP ROLE incipit_app')
    await earlier.stop()
    const { url, ownerUrl } = await start()
    await migrate(ownerUrl, ROOT, { grantTo: 'incipit_app' })
    await expect(ask(url, 'SELECT count(*)::int FROM prompt_template')).resolves.toBe(0)
    await expect(ask(url, 'TRUNCATE category CASCADE')).rejects.toMatchObject({ code: '42501' })
  })

  it('case 31: refuses a second app on the same folder, naming the first', async () => {
    await start({ purpose: 'on http://127.0.0.1:3000' })
    await expect(start()).rejects.toThrow(
      new RegExp(
        `Another Incipit uses the data folder .*: on http://127\\.0\\.0\\.1:3000 \\(process ${process.pid}\\)`,
      ),
    )
  })

  it('case 31: lets a command attach, which leaves the server running', async () => {
    const owner = await start()
    const command = await start({ attach: true })
    expect([owner.owned, command.owned]).toEqual([true, false])
    await command.stop()
    await expect(ask(owner.url, 'SELECT 1')).resolves.toBe(1)
  })

  it('takes over the server of a killed app, and stops it', async () => {
    await startAndBeKilled()
    const postgres = await start()
    expect(postgres.owned).toBe(true)
    await postgres.stop()
    expect(readPid(postgres)).toBeNull()
  })

  it('comes back when its server is killed, with what was acknowledged', async () => {
    const said: string[] = []
    const back = Promise.withResolvers<void>()
    const postgres = await start({
      log(message) {
        said.push(message)
        if (message.includes('is back')) back.resolve()
      },
    })
    await withClient(postgres.ownerUrl, (client) => client.query('CREATE TABLE kept AS SELECT 1 AS n'))
    process.kill(pidOf(postgres), 'SIGKILL')
    await back.promise
    await expect(ask(postgres.ownerUrl, 'SELECT n FROM kept')).resolves.toBe(1)
    expect(said[0]).toContain('went away')
  })

  it('puts the socket elsewhere when its path would be too long', async () => {
    dataDir = path.join(folder, 'a'.repeat(100))
    copyMade()
    const { url, socketDir } = await start()
    expect(socketDir?.startsWith(folder)).toBe(false)
    await expect(ask(url, 'SELECT 1')).resolves.toBe(1)
  })

  it('works over loopback with a password where there are no sockets', async () => {
    dataDir = path.join(folder, 'new')
    const { url } = await start({ transport: 'tcp' })
    await expect(ask(url, 'SHOW listen_addresses')).resolves.toBe('127.0.0.1')
    const stranger = url.replace(/:[^:@]*@/, ':wrong@')
    await expect(ask(stranger, 'SELECT 1')).rejects.toThrow('password authentication failed')
  })
})
