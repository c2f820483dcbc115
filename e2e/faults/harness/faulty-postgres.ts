import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startTestDatabase } from '../../../scripts/test-database.mjs'
import { childrenOf, isRunning } from './processes.ts'
import { until } from './until.ts'

/** A PostgreSQL of one's own, durable as in production, that can be frozen and killed. */
export interface FaultyPostgres {
  /** Connection string of the app's role, to its own database. */
  readonly url: string
  /** Every process of the server stops where it is (SIGSTOP): connections stay open, nothing answers. */
  freeze(): void
  thaw(): void
  /** kill -9 of every process of the server. */
  kill(): Promise<void>
  /** Starts it again after kill(). */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** Starts one and waits until it takes connections. */
export async function startFaultyPostgres(kind: 'embedded' | 'debian'): Promise<FaultyPostgres> {
  const server = await startTestDatabase({ kind, durable: true })
  const postmaster = () =>
    Number(readFileSync(join(server.dataFolder, 'postmaster.pid'), 'utf8').split('\n')[0])
  return {
    url: server.adminUrl,
    freeze: () => signal(postmaster(), 'SIGSTOP'),
    thaw: () => signal(postmaster(), 'SIGCONT'),
    async kill() {
      const pid = postmaster()
      signal(pid, 'SIGKILL')
      await until('the killed PostgreSQL is gone', () => !isRunning(pid))
    },
    async restart() {
      await server.restart()
    },
    stop: () => server.stop(),
  }
}

/** The postmaster first: afterwards it makes no new children, so that none is missed. */
function signal(postmaster: number, name: NodeJS.Signals): void {
  process.kill(postmaster, name)
  for (const child of childrenOf(postmaster)) {
    try {
      process.kill(child, name)
    } catch {
      // It ended by itself in between.
    }
  }
}
