import { DatabaseProxy } from '../faults/harness/database-proxy.ts'
import { type RunningApp, startApp } from '../start-app.ts'
import { type Balancer, startBalancer } from './nginx.ts'
import { type PostgresPair, startPostgresPair } from './postgres-pair.ts'

const INSTANCES = 4

/** Four instances behind nginx, on a PostgreSQL with a synchronous standby, which they know as a replica. */
export interface Cluster {
  readonly pair: PostgresPair
  /** The way of all instances to the database that takes changes. */
  readonly proxy: DatabaseProxy
  readonly databaseUrl: string
  readonly balancer: Balancer
  readonly apps: readonly RunningApp[]
  /** Starts an instance that has ended again, at its port. */
  startAgain(place: number): Promise<void>
  stop(): Promise<void>
}

export async function startCluster(): Promise<Cluster> {
  const pair = await startPostgresPair()
  const proxy = await DatabaseProxy.start(pair.primary.url)
  const databaseUrl = proxy.url(pair.primary.url)
  const balancer = await startBalancer({ leavesOut: true })
  const start = (port?: number) =>
    startApp({
      database: databaseUrl,
      ...(port !== undefined && { port }),
      env: { INCIPIT_URL: `https://localhost:${balancer.port}` },
      config: {
        security: { allow_open: true, trusted_proxies: ['127.0.0.1'] },
        database: { replicas: [pair.standby.url] },
        // Where tests have a model.
        ai: { allowed_hosts: ['127.0.0.1'] },
        limits: { drain_ms: 1000 },
      },
    })
  // The first makes the tables.
  const first = await start()
  const others = await Promise.all(Array.from({ length: INSTANCES - 1 }, () => start()))
  const apps = [first, ...others]
  await balancer.serve(apps.map(({ port }) => port))
  return {
    pair,
    proxy,
    databaseUrl,
    balancer,
    apps,
    async startAgain(place) {
      apps[place] = await start(apps[place]?.port)
    },
    async stop() {
      await balancer.stop()
      await Promise.all(apps.map((app) => app.stop()))
      await proxy.stop()
      await pair.stop()
    },
  }
}
