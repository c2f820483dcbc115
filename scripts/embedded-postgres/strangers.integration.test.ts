import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { withClient } from '#lib/testing/database.ts'
import { accountNamed, canReach, chooseAccount, withRightsOf } from './account.mjs'
import { startEmbeddedPostgres } from './start.mjs'

type Postgres = Awaited<ReturnType<typeof startEmbeddedPostgres>>

const PLANTED = 'planted-6f1c'
const isRoot = process.getuid?.() === 0

let folder: string
let dataDir: string
let postgres: Postgres

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'incipit-test-'))
  chmodSync(folder, 0o711)
  dataDir = path.join(folder, '.incipit')
  for (const name of ['OPENAI_API_KEY', 'INCIPIT_SECRET', 'DATABASE_URL', 'SOME_TOKEN', 'PGPASSWORD'])
    vi.stubEnv(name, PLANTED)
  postgres = await startEmbeddedPostgres({ dataDir })
})
afterAll(async () => {
  await postgres.stop()
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

/** The superuser's answer, column by column. */
function ask(sql: string): Promise<unknown[]> {
  return withClient(postgres.superuserUrl, async (client) => {
    const { rows } = await client.query({ text: sql, rowMode: 'array' })
    return rows.map((row) => row[0])
  })
}

/** What the server answers to somebody of another account who asks to be the superuser. */
function whatIsTold(account: Postgres['account']): string {
  const script = `
    const { default: pg } = await import(${JSON.stringify(import.meta.resolve('pg'))})
    process.setgroups([]); process.setgid(${account?.gid}); process.setuid(${account?.uid})
    const client = new pg.Client(${JSON.stringify(postgres.superuserUrl)})
    console.log(await client.connect().then(() => 'welcome', (error) => error.message))
    process.exit(0)`
  return execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
}

const accessRules = () => ask('SELECT DISTINCT auth_method FROM pg_hba_file_rules')

describe('whoever is not the person that starts Incipit', () => {
  it('finds no secret of our environment in the server, nor in what it runs', async () => {
    const lines = await withClient(postgres.superuserUrl, async (client) => {
      await client.query('CREATE TEMP TABLE environment (line text)')
      await client.query(`COPY environment FROM PROGRAM 'env'`)
      const { rows } = await client.query<{ line: string }>('SELECT line FROM environment')
      return rows.map(({ line }) => line)
    })
    expect(lines.join('\n')).toContain('PATH=')
    expect(lines.join('\n')).not.toContain(PLANTED)
  })

  it('is let in by no rule that trusts', async () => {
    expect(await accessRules()).toEqual(['peer'])
  })

  it('does not become the superuser as the account that PostgreSQL runs under', () => {
    // Without root PostgreSQL runs under our own account, and nobody else reaches its folders.
    const told = isRoot ? whatIsTold(postgres.account) : postgres.account
    const refusal = expect.stringContaining('Peer authentication failed for user "postgres"')
    expect(told).toEqual(isRoot ? refusal : null)
  })

  it('does not share the account: its number has no name, and others cannot come to its folders', () => {
    const names = readFileSync('/etc/passwd', 'utf8').split('\n')
    const named = names.map((line) => Number(line.split(':')[2]))
    const owner = lstatSync(postgres.dataFolder).uid
    expect(named.includes(owner)).toBe(!isRoot)
    expect(owner).toBe(postgres.account?.uid ?? process.getuid?.())
    expect(canReach(postgres.dataFolder, accountNamed('nobody'))).toBe(false)
    expect(canReach(postgres.socketDir ?? '', accountNamed('nobody'))).toBe(false)
  })

  it('cannot have another file overwritten by a link in the data folder of an earlier version', async () => {
    await postgres.stop()
    const victim = path.join(folder, 'victim')
    writeFileSync(victim, 'of root alone', { mode: 0o600 })
    const names = ['postgresql.conf', 'pg_hba.conf', 'pg_ident.conf']
    if (isRoot) {
      const nobody = accountNamed('nobody')
      execFileSync('chown', [
        '-R',
        `${nobody?.uid}:${nobody?.gid}`,
        postgres.dataFolder,
        postgres.socketDir ?? '',
      ])
    }
    withRightsOf(isRoot ? accountNamed('nobody') : null, () => {
      for (const name of names) {
        rmSync(path.join(postgres.dataFolder, name))
        symlinkSync(victim, path.join(postgres.dataFolder, name))
      }
      rmSync(path.join(postgres.dataFolder, 'server.log'))
      writeFileSync(path.join(postgres.dataFolder, 'server.log'), 'x'.repeat(10_000_001))
    })
    postgres = await startEmbeddedPostgres({ dataDir })
    const { uid, mode } = lstatSync(victim)
    expect({ uid, mode: mode & 0o777, text: readFileSync(victim, 'utf8') }).toEqual({
      uid: process.getuid?.(),
      mode: 0o600,
      text: 'of root alone',
    })
    for (const name of names) expect(lstatSync(path.join(postgres.dataFolder, name)).isFile()).toBe(true)
    expect(await accessRules()).toEqual(['peer'])
    expect(postgres.account?.uid).toBe(isRoot ? accountNamed('nobody')?.uid : undefined)
  })
})

it('a name in the data folder that leads elsewhere is followed only when root made it', () => {
  const target = path.join(folder, 'elsewhere')
  mkdirSync(target)
  const link = path.join(folder, 'postgres-18')
  symlinkSync(target, link)
  const uidOf = () => chooseAccount(link)?.uid
  // Root's own link: the owner of what it leads to, which is root, who needs another account.
  expect(typeof uidOf()).toBe(isRoot ? 'number' : 'undefined')
  if (isRoot) lchownSync(link, accountNamed('nobody')?.uid ?? 0, 0)
  expect(code(uidOf)).toContain(isRoot ? 'is a link that root did not make' : 'done: undefined')
  rmSync(link)
})

it('a data folder that another account owns is used as that account', async () => {
  const uid = isRoot ? (accountNamed('nobody')?.uid ?? 0) : process.getuid?.()
  const own = path.join(folder, 'own')
  mkdirSync(own)
  chownSync(own, uid ?? 0, process.getgid?.() ?? 0)
  const other = await startEmbeddedPostgres({ dataDir: own })
  await other.stop()
  expect(lstatSync(other.dataFolder).uid).toBe(uid)
  expect(readdirSync(own).toSorted()).toEqual(['postgres-18', 'run'])
})

it('withRightsOf neither reads nor removes what the account may not, and gives root its rights back', () => {
  const secret = path.join(folder, 'secret')
  writeFileSync(secret, 'x', { mode: 0o600 })
  const account = isRoot ? accountNamed('nobody') : null
  const read = () => withRightsOf(account, () => readFileSync(secret, 'utf8'))
  const tried = [read, () => withRightsOf(account, () => rmSync(secret))].map((work) =>
    isRoot ? code(work) : 'own',
  )
  expect(tried.every((what) => /EACCES|EPERM|own/.test(what))).toBe(true)
  expect([process.geteuid?.(), process.getegid?.()]).toEqual([process.getuid?.(), process.getgid?.()])
  expect(readFileSync(secret, 'utf8')).toBe('x')
})

function code(work: () => unknown): string {
  try {
    return `done: ${String(work())}`
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
