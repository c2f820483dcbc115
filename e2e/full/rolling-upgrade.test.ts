import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { asOwner, type FreshDatabase, freshDatabase, withClient } from '#lib/testing/database.ts'
import { type RunningApp, startApp } from '../start-app.ts'
import { type Balancer, startBalancer } from './nginx.ts'
import { previousRelease } from './previous-release.ts'
import { asker, makeGreeting, Traffic } from './traffic.ts'

const BUILD_MS = 1_800_000
const INSTANCES = 4

let balancer: Balancer
let database: FreshDatabase
const apps: RunningApp[] = []
let releaseBefore: string

beforeAll(async () => {
  releaseBefore = await previousRelease()
  balancer = await startBalancer()
  database = await freshDatabase({ migrated: false })
}, BUILD_MS)
afterAll(async () => {
  await balancer.stop()
  for (const app of apps) await app.stop()
  await database.drop()
})

/** An instance of the release before, or of this one. */
function start(root: string | undefined, port?: number): Promise<RunningApp> {
  const isNew = root === undefined
  return startApp({
    database: database.url,
    ...(port !== undefined && { port }),
    ...(root !== undefined && { root }),
    env: { INCIPIT_URL: `https://localhost:${balancer.port}`, INCIPIT_DATABASE_MIGRATE_URL: undefined },
    config: {
      security: { allow_open: true, ...(isNew && { trusted_proxies: ['127.0.0.1'] }) },
      // As long as a balancer needs to hear of it; the release before had no such time.
      ...(isNew && { limits: { drain_ms: 1000 } }),
    },
  })
}

describe('case 40: a rolling upgrade from the release before under 200 requests a second', () => {
  it(
    `of ${INSTANCES} instances fails no request, loses nothing, and has made a backup; the way back is told before it hurts`,
    async () => {
      for (let n = 0; n < INSTANCES; n++) apps.push(await start(releaseBefore))
      const ports = apps.map((app) => app.port)
      await balancer.serve(ports)
      const ask = await asker(balancer, false)
      await makeGreeting(ask)
      const traffic = new Traffic(ask, 'rolling')
      await traffic.more(400)
      for (const [place, port] of ports.entries()) {
        // As a balancer does that probes /health/ready.
        await balancer.serve(ports.filter((each) => each !== port))
        await apps[place]?.stop()
        apps[place] = await start(undefined, port)
        await balancer.serve(ports)
        // Both releases answer beside each other, at last the new one alone.
        await traffic.more(600)
      }
      await traffic.stop()
      console.log(
        `${traffic.answered} requests answered, ${traffic.written.length} prompts written, ${Math.round(traffic.rate)} requests a second`,
      )
      expect(traffic.counts()).toEqual({})
      const kept = await withClient(asOwner(database.url), (client) =>
        client.query<{ name: string }>(`SELECT name FROM prompt_template WHERE name LIKE 'rolling%'`),
      )
      expect(new Set(kept.rows.map(({ name }) => name))).toEqual(new Set(traffic.written))
      const backups = await readdir(path.join(apps[0]?.dataDir ?? '', 'backups'))
      expect(backups).toEqual([expect.stringMatching(/^before-\d+_/)])
      await expect(start(releaseBefore)).rejects.toThrow(/which this version does not know/)
    },
    BUILD_MS,
  )
})
