import {
  chmodSync,
  chownSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { expectedError } from '../expected-error.mjs'
import { runCommand } from '../run-command.mjs'
import { makeFolder, removeFolder } from './folders.mjs'

/**
 * Everything the programs need to know about one server.
 * @typedef {object} Server
 * @property {string} bin folder of initdb, pg_ctl and postgres
 * @property {number} major
 * @property {import('./account.mjs').Account | null} account
 * @property {string} dataFolder
 * @property {string | null} socketDir null: TCP on loopback (Windows)
 * @property {number} port
 * @property {string | null} password null: whoever reaches the 0700 socket is trusted
 * @property {boolean} durable false: throw-away data, nothing is flushed to disk
 * @property {number} maxConnections
 */

/** The account that owns the cluster; the app itself never uses it. */
export const superuser = 'postgres'

/**
 * Makes the data folder unless it exists. initdb works in a folder beside it which is renamed at the
 * end, so that an interrupted or simultaneous first start never leaves half a cluster behind.
 * @param {Server} server
 */
export async function createCluster(server) {
  if (existsSync(join(server.dataFolder, 'PG_VERSION'))) return
  const unfinished = `${server.dataFolder}.${process.pid}`
  removeFolder(unfinished)
  makeFolder(unfinished, 0o700, server.account)
  const passwordFile = server.password && writePasswordFile(server, `${unfinished}.pw`)
  const { code, output } = await runInitdb(server, unfinished, passwordFile)
  if (passwordFile) rmSync(passwordFile, { force: true })
  if (code !== 0) {
    removeFolder(unfinished)
    throw expectedError(
      `PostgreSQL could not make its data folder ${server.dataFolder}:\n${output}`,
      'Check that the disk has room and that the folder can be written to; INCIPIT_DATA_DIR chooses another.',
    )
  }
  try {
    renameSync(unfinished, server.dataFolder)
  } catch (error) {
    removeFolder(unfinished)
    if (!existsSync(join(server.dataFolder, 'PG_VERSION'))) throw error
  }
}

/**
 * One locale everywhere: UTF-8 in code point order, whatever the machine's language is. Full-text and
 * trigram search still ask the C library which characters are letters, so its UTF-8 flavour is taken
 * where the machine has one.
 */
async function runInitdb(server, folder, passwordFile) {
  const flavours = { linux: ['C.UTF-8', 'C.utf8', 'en_US.UTF-8'], darwin: ['UTF-8', 'en_US.UTF-8'] }
  const builtin = server.major >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : []
  const common = [
    '-D',
    folder,
    '-U',
    superuser,
    '--encoding=UTF8',
    '--no-instructions',
    '--locale=C',
    ...builtin,
  ]
  const access = passwordFile
    ? [`--pwfile=${passwordFile}`, '--auth=scram-sha-256']
    : ['--auth-local=trust', '--auth-host=reject']
  const syncing = server.durable ? [] : ['--no-sync']
  let result
  for (const flavour of [...(flavours[process.platform] ?? []), 'C']) {
    const args = [...common, `--lc-ctype=${flavour}`, ...access, ...syncing]
    result = await runCommand(join(server.bin, 'initdb'), args, asAccount(server))
    if (!result.output.includes('invalid locale name')) break
  }
  return result
}

function writePasswordFile(server, path) {
  writeFileSync(path, server.password, { mode: 0o600 })
  if (server.account) chownSync(path, server.account.uid, server.account.gid)
  return path
}

/**
 * The whole of postgresql.conf. It is small on purpose: app and database together stay under 400 MB.
 * @param {Server} server
 */
function serverSettings({ major, socketDir, port, password, durable, maxConnections }) {
  const quoted = (text) => `'${text.replaceAll("'", "''")}'`
  const settings = {
    listen_addresses: socketDir ? "''" : "'127.0.0.1'",
    unix_socket_directories: quoted(socketDir ?? ''),
    unix_socket_permissions: '0700',
    port,
    password_encryption: password ? "'scram-sha-256'" : undefined,
    max_connections: maxConnections,
    shared_buffers: "'64MB'",
    maintenance_work_mem: "'32MB'",
    min_wal_size: "'32MB'",
    max_wal_size: "'256MB'",
    // Nobody replicates from it: the plainest log, no process that sends it.
    wal_level: 'minimal',
    max_wal_senders: 0,
    max_logical_replication_workers: 0,
    log_checkpoints: 'off',
    // One machine with a few users: reading in the process itself needs no helper processes.
    io_method: major >= 18 ? 'sync' : undefined,
    jit: 'off',
    timezone: "'UTC'",
    log_timezone: "'UTC'",
    log_line_prefix: "'%m [%p] '",
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  }
  const lines = Object.entries(settings).flatMap(([name, value]) =>
    value === undefined ? [] : `${name} = ${value}`,
  )
  return `# Written by Incipit at every start; changes are lost.\n${lines.join('\n')}\n`
}

/**
 * Writes the settings and starts the server, which goes on in the background.
 * @param {Server} server
 * @returns {Promise<boolean>} false when another start got there first
 */
export async function startServer(server) {
  const settings = join(server.dataFolder, 'postgresql.conf')
  writeFileSync(settings, serverSettings(server))
  chmodSync(settings, 0o600)
  if (server.account) chownSync(settings, server.account.uid, server.account.gid)
  removeForeignLocks(server)
  const log = logFile(server)
  // A log that grew over the years starts anew.
  if ((statSync(log, { throwIfNoEntry: false })?.size ?? 0) > 10_000_000) rmSync(log)
  const { code, output } = await pgCtl(server, ['start', '-w', '-t', '60', '-l', log])
  if (code === 0) return true
  if (readPid(server)) return false
  throw expectedError(
    `PostgreSQL did not start (${server.dataFolder}): ${output}\n${lastLines(log)}`,
    `Its log is ${log}. The usual causes are a full disk and a data folder copied from elsewhere.`,
  )
}

/**
 * Ends the server: open transactions are rolled back, everything is written, the process is gone.
 * @param {Server} server
 * @param {'fast' | 'immediate'} [mode]
 */
export async function stopServer(server, mode = 'fast') {
  const { code, output } = await pgCtl(server, ['stop', '-w', '-t', '30', '-m', mode])
  if (code === 0 || !readPid(server)) return
  if (mode === 'fast') return stopServer(server, 'immediate')
  throw new Error(`PostgreSQL did not stop: ${output}`)
}

/**
 * @param {{dataFolder: string}} server
 * @returns {{pid: number, port: number} | null} what the server's own pid file says
 */
export function readPid(server) {
  try {
    const [pid, , , port] = readFileSync(join(server.dataFolder, 'postmaster.pid'), 'utf8').split('\n')
    return { pid: Number(pid), port: Number(port) }
  } catch {
    return null
  }
}

/** @param {Server} server */
function logFile(server) {
  return join(server.dataFolder, 'server.log')
}

/**
 * After a crash the number in PostgreSQL's two lock files may belong to another program (in a container
 * it nearly always does) or to a dead process that nobody has reaped, and it would refuse to start.
 * Linux tells which program it is. A live PostgreSQL is left to PostgreSQL's own check.
 */
function removeForeignLocks({ dataFolder, socketDir, port }) {
  if (process.platform !== 'linux') return
  const files = [join(dataFolder, 'postmaster.pid')]
  if (socketDir) files.push(join(socketDir, `.s.PGSQL.${port}.lock`))
  for (const file of files) {
    const pid = firstLine(file)
    if (pid && !isPostgres(pid)) rmSync(file, { force: true })
  }
}

function isPostgres(pid) {
  try {
    const [, program, state] = readFileSync(`/proc/${pid}/stat`, 'utf8').match(/\((.*)\) (\w)/) ?? []
    return program === 'postgres' && state !== 'Z'
  } catch {
    return false
  }
}

function firstLine(path) {
  try {
    return readFileSync(path, 'utf8').split('\n')[0]
  } catch {
    return undefined
  }
}

function pgCtl(server, args) {
  return runCommand(join(server.bin, 'pg_ctl'), [...args, '-D', server.dataFolder], asAccount(server))
}

function asAccount({ account, dataFolder }) {
  // PG… variables are for clients of other servers, and a folder that the account cannot enter would
  // be a failure at once.
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('PG') && !name.startsWith('LC_'),
  )
  return { cwd: dirname(dataFolder), env: { ...Object.fromEntries(kept), LC_ALL: 'C' }, ...account }
}

function lastLines(path) {
  try {
    return readFileSync(path, 'utf8').trim().split('\n').slice(-8).join('\n')
  } catch {
    return ''
  }
}
