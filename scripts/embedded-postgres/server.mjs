import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  fchownSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { bareEnvironment } from '../child-environment.mjs'
import { expectedError } from '../expected-error.mjs'
import { runCommand } from '../run-command.mjs'
import { withRightsOf } from './account.mjs'
import { removeFolder } from './folders.mjs'
import { lentName } from './nameless.mjs'
import { superuser, writeServerFiles } from './server-files.mjs'

/**
 * Everything the programs need to know about one server.
 * @typedef {object} Server
 * @property {string} bin folder of initdb, pg_ctl and postgres
 * @property {number} major
 * @property {import('./account.mjs').Account | null} account
 * @property {string} dataFolder
 * @property {string | null} socketDir null: TCP on loopback (Windows)
 * @property {number} port
 * @property {Record<string, string> | null} passwords by role; null: over the socket the kernel tells who comes
 * @property {boolean} isThrowaway true: tests make roles of their own in it
 * @property {boolean} durable false: nothing is flushed to disk
 * @property {number} maxConnections
 */

/**
 * Makes the data folder unless it exists. initdb works in a folder beside it which is renamed at the
 * end, so that an interrupted or simultaneous first start never leaves half a cluster behind.
 * @param {Server} server
 */
export async function createCluster(server) {
  if (existsSync(join(server.dataFolder, 'PG_VERSION'))) return
  const { account, dataFolder } = server
  // In a folder of the account's own, root does nothing with its own rights.
  const isTheirs = account && !account.initdbUid && statSync(dirname(dataFolder)).uid === account.uid
  const act = (work) => withRightsOf(isTheirs ? account : null, work)
  const place = act(() => mkdtempSync(`${dataFolder}.`))
  const made = join(place, 'data')
  try {
    act(() => mkdirSync(made, { mode: 0o700 }))
    const maker = isTheirs ? account : openPlace(place, made, account)
    const { code, output } = await runInitdb(server, made, maker)
    if (code !== 0) {
      throw expectedError(
        `PostgreSQL could not make its data folder ${dataFolder}:\n${output}`,
        'Check that the disk has room and that the folder can be written to; INCIPIT_DATA_DIR chooses another.',
      )
    }
    if (maker?.uid !== account?.uid) giveTree(made, account)
    act(() => renameSync(made, dataFolder))
  } catch (error) {
    if (!existsSync(join(dataFolder, 'PG_VERSION'))) throw error
  } finally {
    act(() => removeFolder(place))
  }
}

/**
 * Opens the folder that initdb fills to it alone. Where initdb runs under an account that others have too,
 * the group, which is ours alone, keeps these others out.
 * @returns {import('./account.mjs').Account | null} who runs initdb
 */
function openPlace(place, made, account) {
  if (!account) return null
  const maker = { uid: account.initdbUid ?? account.uid, gid: account.gid }
  chownSync(made, maker.uid, maker.gid)
  chownSync(place, 0, account.gid)
  chmodSync(place, 0o710)
  return maker
}

/** Nobody else could come here so far, so that no link can have been planted. */
function giveTree(path, { uid, gid }) {
  lchownSync(path, uid, gid)
  for (const entry of readdirSync(path, { withFileTypes: true, recursive: true }))
    lchownSync(join(entry.parentPath, entry.name), uid, gid)
}

/**
 * One locale everywhere: UTF-8 in code point order, whatever the machine's language is. Full-text and
 * trigram search still ask the C library which characters are letters, so its UTF-8 flavour is taken
 * where the machine has one.
 */
async function runInitdb(server, folder, maker) {
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
  const access = server.passwords
    ? passwordFile(server, folder, maker)
    : ['--auth-local=peer', '--auth-host=reject']
  const syncing = server.durable ? [] : ['--no-sync']
  let result
  for (const flavour of [...(flavours[process.platform] ?? []), 'C']) {
    const args = [...common, `--lc-ctype=${flavour}`, ...access, ...syncing]
    result = await runCommand(join(server.bin, 'initdb'), args, underAccount(server, maker))
    if (!result.output.includes('invalid locale name')) break
  }
  return result
}

function passwordFile(server, folder, maker) {
  const path = `${folder}.password`
  const file = openSync(path, 'wx', 0o600)
  writeSync(file, server.passwords[superuser])
  if (maker) fchownSync(file, maker.uid, maker.gid)
  closeSync(file)
  return [`--pwfile=${path}`, '--auth=scram-sha-256']
}

/**
 * Writes the settings and starts the server, which goes on in the background.
 * @param {Server} server
 * @returns {Promise<boolean>} false when another start got there first
 */
export async function startServer(server) {
  writeServerFiles(server)
  const log = join(server.dataFolder, 'server.log')
  withRightsOf(server.account, () => {
    removeForeignLocks(server)
    // A log that grew over the years starts anew.
    if ((statSync(log, { throwIfNoEntry: false })?.size ?? 0) > 10_000_000) rmSync(log)
  })
  const { code, output } = await pgCtl(server, ['start', '-w', '-t', '60', '-l', log])
  if (code === 0) return true
  if (readPid(server)) return false
  throw expectedError(
    `PostgreSQL did not start (${server.dataFolder}): ${output}\n${withRightsOf(server.account, () => lastLines(log))}`,
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
 * @param {{dataFolder: string, account?: import('./account.mjs').Account | null}} server
 * @returns {{pid: number, port: number} | null} what the server's own pid file says
 */
export function readPid({ dataFolder, account = null }) {
  const file = join(dataFolder, 'postmaster.pid')
  try {
    const [pid, , , port] = withRightsOf(account, () => readFileSync(file, 'utf8')).split('\n')
    return { pid: Number(pid), port: Number(port) }
  } catch {
    return null
  }
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
  const all = [...args, '-D', server.dataFolder]
  return runCommand(join(server.bin, 'pg_ctl'), all, underAccount(server, server.account))
}

/** PostgreSQL learns nothing of our environment, and starts in a folder that its account may enter. */
function underAccount({ dataFolder }, account) {
  const ids = account && { uid: account.uid, gid: account.gid }
  return { cwd: dirname(dataFolder), env: { ...bareEnvironment(), ...lentName(dirname(dataFolder)) }, ...ids }
}

function lastLines(path) {
  try {
    return readFileSync(path, 'utf8').trim().split('\n').slice(-8).join('\n')
  } catch {
    return ''
  }
}
