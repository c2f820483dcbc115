import {
  appendFileSync,
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { withClient } from '#lib/testing/database.ts'
import { chooseAccount, withRightsOf } from '../../scripts/embedded-postgres/account.mjs'
import { findBinaries, reachableBin } from '../../scripts/embedded-postgres/binaries.mjs'
import { connectionUrl, createRoleAndDatabase } from '../../scripts/embedded-postgres/connect.mjs'
import { placeSocket, removeFolder } from '../../scripts/embedded-postgres/folders.mjs'
import { createCluster, readPid, startServer, stopServer } from '../../scripts/embedded-postgres/server.mjs'
import { appDatabase, appRole, superuser } from '../../scripts/embedded-postgres/server-files.mjs'
import { stopWhenWeDie } from '../../scripts/embedded-postgres/watchdog.mjs'
import { childrenOf, isRunning } from '../faults/harness/processes.ts'
import { until } from '../faults/harness/until.ts'

/** One server of a pair. */
export interface PairServer {
  /** Its database by the app's role, over its Unix socket. */
  readonly url: string
  /** By the role that may do everything. */
  readonly superuserUrl: string
}

/** A primary, and a standby that has each commit on its disk before the primary acknowledges it. */
export interface PostgresPair {
  readonly primary: PairServer
  readonly standby: PairServer
  /** kill -9 of every process of the primary. */
  killPrimary(): Promise<void>
  /** Makes the standby a primary. It waits for no standby of its own. */
  promote(): Promise<void>
  stop(): Promise<void>
}

type Server = Parameters<typeof startServer>[0]

/** Starts the embedded PostgreSQL twice, the second as the first one's synchronous standby. */
export async function startPostgresPair(): Promise<PostgresPair> {
  const account = chooseAccount()
  const folder = mkdtempSync(path.join(tmpdir(), 'incipit-pair-'))
  chmodSync(folder, 0o711)
  if (account) chownSync(folder, account.uid, account.gid)
  const primary = serverIn(path.join(folder, 'first'), account)
  const standby = serverIn(path.join(folder, 'second'), account)
  await createCluster(primary)
  // Whoever reaches the socket may replicate: that is its account, and root.
  const rules = path.join(folder, 'pg_hba.conf')
  const lines = `local all ${superuser} peer map=incipit\nlocal all,replication all trust\n`
  withRightsOf(account, () => writeFileSync(rules, lines))
  set(primary, { hba_file: rules, wal_level: 'replica', max_wal_senders: '5', wal_keep_size: '1GB' })
  await startServer(primary)
  await withClient(urlOf(primary, superuser, 'postgres'), (client) => createRoleAndDatabase(client, primary))
  await stopServer(primary)
  copy(primary, standby)
  set(standby, { primary_conninfo: `host=${primary.socketDir} user=${superuser} application_name=standby` })
  withRightsOf(account, () => writeFileSync(path.join(standby.dataFolder, 'standby.signal'), ''))
  set(primary, { synchronous_standby_names: 'standby' })
  const watchdogs = [primary, standby].map((server) => stopWhenWeDie(server, folder))
  await startServer(primary)
  await startServer(standby)
  await until('the standby follows', () => isSynchronous(primary))
  return {
    primary: describe(primary),
    standby: describe(standby),
    killPrimary: () => kill(primary),
    promote: () =>
      withClient(urlOf(standby, superuser, 'postgres'), async (client) => {
        await client.query('SELECT pg_promote()')
      }),
    async stop() {
      for (const watchdog of watchdogs) watchdog.release()
      for (const server of [standby, primary]) if (readPid(server)) await stopServer(server, 'immediate')
      removeFolder(folder)
    },
  }
}

function serverIn(folder: string, account: Server['account']): Server {
  const binaries = findBinaries()
  const dataFolder = path.join(folder, 'data')
  withRightsOf(account, () => mkdirSync(folder, { mode: 0o711 }))
  return {
    bin: reachableBin(binaries, account),
    major: binaries.major,
    account,
    dataFolder,
    socketDir: placeSocket(dataFolder, account),
    port: 5432,
    passwords: null,
    isThrowaway: true,
    durable: true,
    maxConnections: 200,
  }
}

/** Settings beside those that every start writes. */
function set({ account, dataFolder }: Server, settings: Record<string, string>): void {
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'\n`)
  withRightsOf(account, () => appendFileSync(path.join(dataFolder, 'postgresql.auto.conf'), lines.join('')))
}

/** A stopped server's files are a base backup. */
function copy(from: Server, to: Server): void {
  withRightsOf(from.account, () => {
    cpSync(from.dataFolder, to.dataFolder, { recursive: true })
    chmodSync(to.dataFolder, 0o700)
  })
}

function isSynchronous(primary: Server): Promise<boolean> {
  return withClient(urlOf(primary, superuser, 'postgres'), async (client) => {
    const { rows } = await client.query<{ sync_state: string }>('SELECT sync_state FROM pg_stat_replication')
    return rows[0]?.sync_state === 'sync'
  })
}

/** The postmaster first: afterwards it makes no new children, so that none is missed. */
async function kill(server: Server): Promise<void> {
  const { pid = 0 } = readPid(server) ?? {}
  const processes = [pid, ...childrenOf(pid)]
  for (const each of processes) if (isRunning(each)) process.kill(each, 'SIGKILL')
  await until('the killed PostgreSQL is gone', () => !processes.some(isRunning))
  withRightsOf(server.account, () => rmSync(path.join(server.dataFolder, 'postmaster.pid')))
}

const urlOf = (server: Server, role: string, database: string) => connectionUrl(server, role, database)

function describe(server: Server): PairServer {
  return { url: urlOf(server, appRole, appDatabase), superuserUrl: urlOf(server, superuser, appDatabase) }
}
