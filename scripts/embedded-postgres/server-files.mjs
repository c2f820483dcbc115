import { randomBytes } from 'node:crypto'
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { withRightsOf } from './account.mjs'
import { nameOfUser } from './nameless.mjs'

/** @typedef {import('./server.mjs').Server} Server */

/** The account that owns the cluster; the app itself never uses it. */
export const superuser = 'postgres'

/** The role that the app serves with: it reads and writes rows, and owns nothing. */
export const appRole = 'incipit_app'
/** The role that owns the app's database and migrates it; it is no superuser either. */
export const ownerRole = 'incipit'
export const appDatabase = 'incipit'

/** Roles that people of this machine may take over the socket. */
const roles = [superuser, ownerRole, appRole]

/** Who may come over the socket: this map of pg_ident.conf says it. */
const identMap = 'incipit'

/**
 * Writes what the server reads when it starts: its settings, and who may connect. The files of an earlier
 * version are replaced.
 * @param {Server} server
 */
export function writeServerFiles(server) {
  const files = {
    'postgresql.conf': settings(server),
    'pg_hba.conf': access(server),
    'pg_ident.conf': accounts(),
  }
  withRightsOf(server.account, () => {
    for (const [name, lines] of Object.entries(files)) {
      const text = `# Written by Incipit at every start; changes are lost.\n${lines.join('\n')}\n`
      replaceFile(join(server.dataFolder, name), text)
    }
  })
}

/** A new file takes the name: the file or link that stood there before is not written to. */
function replaceFile(path, text) {
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  writeFileSync(draft, text, { mode: 0o600, flag: 'wx' })
  renameSync(draft, path)
}

/** The settings are few on purpose: app and database together stay under 300 MB idle. */
function settings({ major, socketDir, port, durable, maxConnections }) {
  const quoted = (text) => `'${text.replaceAll("'", "''")}'`
  const values = {
    listen_addresses: socketDir ? "''" : "'127.0.0.1'",
    unix_socket_directories: quoted(socketDir ?? ''),
    unix_socket_permissions: '0700',
    port,
    password_encryption: "'scram-sha-256'",
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
  return Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : `${name} = ${value}`))
}

/**
 * Over the socket the kernel says who comes: the superuser and the app's roles are for the person who
 * starts Incipit alone, not for programs under PostgreSQL's account. Tests make roles of their own.
 */
function access({ socketDir, isThrowaway }) {
  if (!socketDir) return ['host all all 127.0.0.1/32 scram-sha-256']
  if (!isThrowaway) return [`local all all peer map=${identMap}`]
  return [`local all ${superuser} peer map=${identMap}`, 'local all all trust']
}

/** Root may do everything here anyway, so that its commands work beside the app of another person. */
function accounts() {
  const people = new Set(['root', nameOfUser()])
  return [...people].flatMap((person) =>
    roles.map((role) => `${identMap} "${person.replaceAll('"', '""')}" ${role}`),
  )
}
