import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { expectedError } from '../expected-error.mjs'
import { readPid, startServer } from './server.mjs'
import { appDatabase, appRole, ownerRole, superuser, writeServerFiles } from './server-files.mjs'

/** @typedef {import('./server.mjs').Server} Server */

/** Two numbers that nothing else locks: "incipit" on this cluster. */
const ownerLock = [0x696e6369, 0x70697431]

/**
 * A connection string in the form that node-postgres and Prisma take.
 * @param {Server} server
 * @param {string} role
 * @param {string} database
 */
export function connectionUrl({ socketDir, port, passwords }, role, database) {
  if (!socketDir) return `postgresql://${role}:${passwords?.[role]}@127.0.0.1:${port}/${database}`
  return `postgresql://${role}@localhost:${port}/${database}?host=${encodeURIComponent(socketDir)}`
}

/**
 * Connects as the superuser; starts the server when it does not run. A server that is starting,
 * recovering or stopping is waited for.
 * @param {Server} server
 * @param {string} applicationName
 * @returns {Promise<import('pg').Client>}
 */
export async function connectOrStart(server, applicationName) {
  const deadline = Date.now() + 60_000
  for (;;) {
    const left = readPid(server)
    if (left && !server.socketDir) server.port = left.port
    const client = new pg.Client({
      connectionString: connectionUrl(server, superuser, 'postgres'),
      application_name: applicationName,
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    })
    try {
      await client.connect()
      return client
    } catch (error) {
      await client.end().catch(() => {})
      if (Date.now() > deadline) throw unreachable(server, error)
      if (await refusedForNow(error)) continue
    }
    await startServer(server)
  }
}

/** Starting up, shutting down, recovering, out of connections: it is there, only not ready. */
async function refusedForNow(error) {
  if (error.code !== '57P03' && error.code !== '53300') return false
  await pause(50)
  return true
}

function unreachable(server, cause) {
  return expectedError(
    `The embedded PostgreSQL in ${server.dataFolder} does not answer: ${cause.message}`,
    'If one of its processes hangs, end it and start again.',
    cause,
  )
}

/**
 * Takes the lock that makes this process the one owner of the server. PostgreSQL itself frees it when
 * the connection ends, however the process ends.
 * @param {import('pg').Client} client
 * @param {number} patienceMs how long an earlier owner may take to go away
 * @returns {Promise<string | null>} null when it is ours, else the holder's application name
 */
export async function takeOwnership(client, patienceMs) {
  const deadline = Date.now() + patienceMs
  for (;;) {
    const { rows } = await client.query('SELECT pg_try_advisory_lock($1, $2) AS taken', ownerLock)
    if (rows[0].taken) return null
    if (Date.now() >= deadline) return holderOfLock(client)
    await pause(50)
  }
}

async function holderOfLock(client) {
  const { rows } = await client.query(
    `SELECT a.application_name AS name FROM pg_locks l JOIN pg_stat_activity a USING (pid)
     WHERE l.locktype = 'advisory' AND l.granted AND l.classid = $1 AND l.objid = $2`,
    ownerLock,
  )
  return rows[0]?.name ?? 'unknown'
}

/**
 * A server that a killed app left runs with the access rules of the version that started it: ours apply.
 * @param {import('pg').Client} client
 * @param {Server} server
 */
export async function applyAccessRules(client, server) {
  writeServerFiles(server)
  await client.query('SELECT pg_reload_conf()')
}

/**
 * Makes the app's roles and database unless they exist. The migrations grant the roles their rights.
 * @param {import('pg').Client} client
 * @param {Server} server
 * @param {{createDatabases?: boolean}} [options] createDatabases: for tests, which make one each
 */
export async function createRoleAndDatabase(client, server, { createDatabases = false } = {}) {
  for (const name of [ownerRole, appRole]) {
    const role = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [name])
    const options = createDatabases && name === ownerRole ? 'LOGIN CREATEDB' : 'LOGIN'
    if (role.rowCount === 0) await client.query(`CREATE ROLE ${name} ${options}`)
    if (server.passwords) {
      const password = pg.escapeLiteral(server.passwords[name] ?? '')
      await client.query(`ALTER ROLE ${name} PASSWORD ${password}`)
    }
  }
  const database = await client.query('SELECT FROM pg_database WHERE datname = $1', [appDatabase])
  if (database.rowCount === 0) await client.query(`CREATE DATABASE ${appDatabase} OWNER ${ownerRole}`)
}
