import { randomBytes } from 'node:crypto'
import { chmodSync, chownSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expectedError } from '../expected-error.mjs'
import { chooseAccount, withRightsOf } from './account.mjs'
import { findBinaries, reachableBin } from './binaries.mjs'
import {
  applyAccessRules,
  connectionUrl,
  connectOrStart,
  createRoleAndDatabase,
  takeOwnership,
} from './connect.mjs'
import { placeData, placeSocket, removeFolder } from './folders.mjs'
import { createCluster, startServer, stopServer } from './server.mjs'
import { appDatabase, appRole, ownerRole, superuser } from './server-files.mjs'
import { stopWhenWeDie } from './watchdog.mjs'

/**
 * @typedef {object} RunningPostgres
 * @property {string} url connection string of the app's role and database
 * @property {string} ownerUrl the same database by the role that owns it
 * @property {string} superuserUrl
 * @property {string | null} socketDir
 * @property {string} dataFolder
 * @property {import('./account.mjs').Account | null} account
 * @property {boolean} owned false: another process owns it, stop() only lets go
 * @property {() => Promise<void>} stop stops the server when it is ours; throw-away data is removed
 */

/**
 * Starts the embedded PostgreSQL on a data folder, or takes over one that a killed app left running.
 * @param {object} options
 * @param {string} options.dataDir the app's data folder, `.incipit`
 * @param {string} [options.purpose] who we are, for the message that another process gets
 * @param {boolean} [options.attach] when another process owns the server: use it (true) or refuse (false)
 * @param {(message: string) => void} [options.log] told when the server died and was started again
 * @param {'socket' | 'tcp'} [options.transport] tcp: loopback with a password, all that Windows has
 * @returns {Promise<RunningPostgres>}
 */
export async function startEmbeddedPostgres({
  dataDir,
  purpose = 'app',
  attach = false,
  log = () => {},
  transport = process.platform === 'win32' ? 'tcp' : 'socket',
}) {
  const binaries = findBinaries()
  const account = chooseAccount(join(dataDir, `postgres-${binaries.major}`))
  const dataFolder = placeData(dataDir, binaries.major, account)
  const server = {
    bin: reachableBin(binaries, account),
    major: binaries.major,
    account,
    dataFolder,
    socketDir: transport === 'socket' ? placeSocket(dataFolder, account) : null,
    port: transport === 'socket' ? 5432 : await freePort(),
    passwords: transport === 'socket' ? null : storedPasswords(dataFolder),
    isThrowaway: false,
    durable: true,
    maxConnections: 100,
  }
  await createCluster(server)
  const name = `${purpose} (process ${process.pid})`
  const client = await connectOrStart(server, name)
  const holder = await takeOwnership(client, 1_000)
  if (holder && !attach) {
    await client.end()
    throw alreadyInUse(dataDir, holder)
  }
  if (!holder) await applyAccessRules(client, server)
  await createRoleAndDatabase(client, server)
  const stop = keepRunning(server, client, { name, owned: !holder, log })
  return { ...describe(server), owned: !holder, stop }
}

/**
 * Starts a throw-away server for tests: nothing is flushed to disk unless it shall be durable, and it is
 * stopped and removed with stop(), or when this process dies. The owner's role may create databases in it.
 * @param {{bin?: string, major?: number, account?: import('./account.mjs').Account | null, maxConnections?: number, durable?: boolean, parent?: string}} [options]
 *   bin, major: other programs than the embedded ones, such as Debian's · parent: where its folder is made; the
 *   machine's folder for temporary files, unless given
 * @returns {Promise<RunningPostgres & {restart: () => Promise<boolean>}>} restart: after the test killed it
 */
export async function startThrowawayPostgres(options = {}) {
  const account = options.account === undefined ? chooseAccount() : options.account
  const binaries = options.bin ? null : findBinaries()
  const folder = mkdtempSync(join(options.parent ?? tmpdir(), 'incipit-pg-'))
  chmodSync(folder, 0o711)
  // Its watchdog works under the account and removes it.
  if (account) chownSync(folder, account.uid, account.gid)
  const dataFolder = join(folder, 'data')
  const socketDir = process.platform === 'win32' ? null : placeSocket(dataFolder, account)
  const server = {
    bin: options.bin ?? reachableBin(binaries, account),
    major: options.major ?? binaries.major,
    account,
    dataFolder,
    socketDir,
    port: socketDir ? 5432 : await freePort(),
    passwords: socketDir ? null : throwawayPasswords(),
    isThrowaway: true,
    durable: options.durable ?? false,
    maxConnections: options.maxConnections ?? 200,
  }
  await createCluster(server)
  const watchdog = stopWhenWeDie(server, folder)
  const client = await connectOrStart(server, 'tests')
  await createRoleAndDatabase(client, server, { createDatabases: true })
  await client.end()
  return {
    ...describe(server),
    owned: true,
    restart: () => startServer(server),
    async stop() {
      watchdog.release()
      await stopServer(server, 'immediate')
      withRightsOf(account, () => removeFolder(folder))
    },
  }
}

function describe(server) {
  return {
    url: connectionUrl(server, appRole, appDatabase),
    ownerUrl: connectionUrl(server, ownerRole, appDatabase),
    superuserUrl: connectionUrl(server, superuser, 'postgres'),
    socketDir: server.socketDir,
    dataFolder: server.dataFolder,
    account: server.account,
  }
}

/**
 * Holds the owner's connection for as long as the app runs. When the server dies, it is started again;
 * the app's pool reconnects by itself.
 * @returns {() => Promise<void>} lets go, and stops the server when it is ours
 */
function keepRunning(server, first, { name, owned, log }) {
  const state = { stopping: false, client: first, restarting: Promise.resolve() }
  const watch = (client) => {
    state.client = client
    client.on('error', () => {})
    client.once('end', () => {
      if (owned && !state.stopping) state.restarting = restart()
    })
  }
  const restart = async () => {
    log('The embedded PostgreSQL went away; starting it again.')
    while (!state.stopping) {
      try {
        const client = await connectOrStart(server, name)
        watch(client)
        await takeOwnership(client, 10_000)
        log('The embedded PostgreSQL is back.')
        return
      } catch (error) {
        log(`The embedded PostgreSQL did not come back: ${error.message}`)
        await pause(1_000)
      }
    }
  }
  watch(first)
  return async () => {
    if (state.stopping) return
    state.stopping = true
    await state.restarting
    await state.client.end().catch(() => {})
    if (owned) await stopServer(server)
  }
}

function alreadyInUse(dataDir, holder) {
  return expectedError(
    `Another Incipit uses the data folder ${dataDir}: ${holder}.`,
    'Stop it, or give this one a folder of its own with INCIPIT_DATA_DIR. Several instances on the same data need DATABASE_URL.',
  )
}

/** Made at the first start, one for each role. */
function storedPasswords(dataFolder) {
  const files = {
    [superuser]: `${dataFolder}.password`,
    [ownerRole]: `${dataFolder}.${ownerRole}.password`,
    [appRole]: `${dataFolder}.${appRole}.password`,
  }
  return Object.fromEntries(Object.entries(files).map(([role, file]) => [role, storedPassword(file)]))
}

/** Tests take the one role's address and put the other role in: both have one password there. */
function throwawayPasswords() {
  const shared = newPassword()
  return { [superuser]: newPassword(), [ownerRole]: shared, [appRole]: shared }
}

function storedPassword(path) {
  if (!existsSync(path)) writeFileSync(path, newPassword(), { mode: 0o600, flag: 'wx' })
  return readFileSync(path, 'utf8')
}

function newPassword() {
  return randomBytes(24).toString('hex')
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}
