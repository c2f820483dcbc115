import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, statSync } from 'node:fs'
import { chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { installDebianPackage } from '../../scripts/debian-package.mjs'
import { freePort } from '../start-app.ts'

const PROGRAM = '/usr/sbin/pgbouncer'

/** PgBouncer in front of a test server. */
export interface Pooler {
  /** The same database through the pooler. */
  url(direct: string): string
  stop(): Promise<void>
}

/**
 * Starts Debian's PgBouncer with nothing in its settings but the mode, as docs/databases.md says; it is
 * installed when it is missing and we are root.
 * @param direct a database of the server, over its Unix socket
 */
export async function startPooler(direct: string, mode: 'session' | 'transaction'): Promise<Pooler> {
  if (!existsSync(PROGRAM)) await installDebianPackage('pgbouncer')
  if (!existsSync(PROGRAM)) throw new Error('PgBouncer is missing: apt-get install pgbouncer')
  const socket = new URL(direct).searchParams.get('host') ?? ''
  // The server lets in whoever reaches its socket, which its own account does.
  const { uid, gid } = statSync(socket)
  const folder = await mkdtemp(path.join(tmpdir(), 'incipit-pooler-'))
  const port = await freePort()
  await chmod(folder, 0o711)
  await writeFile(path.join(folder, 'users'), '"incipit" ""\n"incipit_app" ""\n')
  await writeFile(
    path.join(folder, 'pgbouncer.ini'),
    `[databases]\n* = host=${socket} port=5432\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = ${port}\n` +
      `unix_socket_dir =\nauth_type = trust\nauth_file = ${folder}/users\npool_mode = ${mode}\ndefault_pool_size = 40\n`,
  )
  await chown(folder, uid, gid)
  const child = spawn(PROGRAM, [path.join(folder, 'pgbouncer.ini')], { uid, gid, stdio: 'ignore' })
  await untilOpen(port, child)
  return {
    url(address) {
      const url = new URL(address)
      url.searchParams.delete('host')
      url.hostname = '127.0.0.1'
      url.port = String(port)
      return url.href
    },
    async stop() {
      child.kill('SIGTERM')
      await once(child, 'exit')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function untilOpen(port: number, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const socket = createConnection(port, '127.0.0.1')
    const open = await Promise.race([
      once(socket, 'connect').then(
        () => true,
        () => false,
      ),
      once(child, 'exit').then(() => false),
    ])
    socket.destroy()
    if (open) return
    await pause(25)
  }
  throw new Error(`PgBouncer ended with ${child.exitCode}.`)
}
