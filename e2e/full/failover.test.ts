import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { withClient } from '#lib/testing/database.ts'
import { type ProviderDouble, startProviderDouble } from '#lib/testing/provider-double/server.ts'
import { runAdmin } from '../../scripts/admin/run-admin.ts'
import { at, call, createPrompt, release, textAt } from '../faults/harness/api.ts'
import { until } from '../faults/harness/until.ts'
import { APPS_SECRET, type RunningApp } from '../start-app.ts'
import { type Cluster, startCluster } from './cluster.ts'
import { asker, makeGreeting, Traffic } from './traffic.ts'

/** From the promotion on. */
const HEALED_MS = 10_000

let cluster: Cluster
let double: ProviderDouble

beforeAll(async () => {
  double = await startProviderDouble()
})
afterEach(() => cluster.stop())
afterAll(() => double.close())

/** How the primary goes and the standby takes over; resolves when it is the primary and the address leads to it. */
interface Failover {
  how: string
  run: (cluster: Cluster, traffic: Traffic) => Promise<void>
}

const refusedWrites = (traffic: Traffic, says: string) =>
  until(`a write is refused: ${says}`, () =>
    traffic.failures.some(({ kind, told }) => kind === 'write' && told.includes(says)),
  )

const FAILOVERS: Failover[] = [
  {
    how: 'the address refuses connections until the standby is promoted',
    async run({ pair, proxy }, traffic) {
      await pair.killPrimary()
      await refusedWrites(traffic, '"unavailable"')
      await pair.promote()
      proxy.lead(pair.standby.url)
    },
  },
  {
    how: 'the address leads to the standby before it is promoted',
    async run({ pair, proxy }, traffic) {
      await pair.killPrimary()
      proxy.lead(pair.standby.url)
      await refusedWrites(traffic, '"read_only"')
      await pair.promote()
    },
  },
  {
    how: 'the primary vanishes without a word, and its connections stay silent',
    async run({ pair, proxy }, traffic) {
      proxy.blackHole()
      await pair.killPrimary()
      await refusedWrites(traffic, '"unavailable"')
      await pair.promote()
      proxy.lead(pair.standby.url)
      proxy.heal()
    },
  },
  {
    how: 'the same, so fast that nobody has noticed',
    async run({ pair, proxy }) {
      proxy.blackHole()
      await pair.killPrimary()
      await pair.promote()
      proxy.lead(pair.standby.url)
      proxy.heal()
    },
  },
]

/** Makes what the checks of the healed cluster use. */
async function prepare(app: RunningApp): Promise<void> {
  await createPrompt(app, 'moving', 'before')
  const model = { name: 'words', provider: 'openai-compatible', base_url: double.openaiUrl, model: 'words-5' }
  const { status } = await call(app, 'POST', '/api/ai/configurations', { body: model })
  expect(status).toBe(201)
}

/** Everything that an instance does with the database, done once more. */
async function worksAgain(app: RunningApp, place: number, timeLeft: () => number): Promise<void> {
  const now = (what: string, look: () => Promise<boolean>) =>
    until(`instance ${place} ${what}`, look, { within: timeLeft(), every: 50 })
  await now('is ready', async () => (await call(app, 'GET', '/health/ready')).status === 200)
  await now('writes', async () => {
    const body = { name: `healed_${place}_${Math.random()}`.replace('.', ''), template_content: 'x' }
    return (await call(app, 'POST', '/api/prompts', { body })).status === 201
  })
  await now('reads', async () => (await call(app, 'GET', '/api/prompts/greeting/versions')).status === 200)
  const asked = { prompt: 'moving', configuration: 'words' }
  let id = ''
  await now('takes a generation', async () => {
    const answer = await call(app, 'POST', '/api/generations', { body: asked })
    id = textAt(answer.body, 'id')
    return answer.status < 300
  })
  await now('ends a generation', async () => {
    const { body } = await call(app, 'GET', `/api/generations/${id}`)
    return at(body, 'status') === 'succeeded'
  })
}

/** A release on each instance is heard by all others, by the notification and not by a poll alone. */
async function expectHearing({ apps }: Cluster): Promise<void> {
  const times: number[] = []
  for (const [place, app] of apps.entries()) {
    const text = `after ${place}`
    await release(app, 'moving', text)
    const released = performance.now()
    const isHeard = async (other: RunningApp) =>
      at((await call(other, 'GET', '/api/prompts/moving/render')).body, 'content') === text
    await Promise.all(
      apps.map((other) => until(`"${text}" everywhere`, () => isHeard(other), { within: 2000, every: 5 })),
    )
    times.push(performance.now() - released)
  }
  expect(times.toSorted((one, other) => one - other)[1]).toBeLessThan(500)
}

async function read<Row extends object>(sql: string): Promise<Row[]> {
  return withClient(cluster.databaseUrl, async (client) => (await client.query<Row>(sql)).rows)
}

describe('the database of four instances fails over to its replica at 200 requests a second', () => {
  it.each(FAILOVERS)('$how', async ({ run }) => {
    cluster = await startCluster()
    const [first] = cluster.apps
    if (first === undefined) throw new Error('There is no instance.')
    const ask = await asker(cluster.balancer, true)
    await makeGreeting(ask)
    await prepare(first)
    for (const app of cluster.apps) await call(app, 'GET', '/api/prompts/moving/render')
    const traffic = new Traffic(ask, 'failover')
    await traffic.more(600)
    expect(traffic.counts()).toEqual({})

    const lost = performance.now()
    await run(cluster, traffic)
    const promoted = performance.now()
    const timeLeft = () => Math.max(0, promoted + HEALED_MS - performance.now())
    await Promise.all(cluster.apps.map((app, place) => worksAgain(app, place, timeLeft)))
    await until('every instance listens', () => cluster.proxy.count('incipit-listen') === 4, {
      within: timeLeft(),
    })
    const healed = performance.now() - promoted
    const failedSoFar = traffic.failures.length
    await traffic.more(400)
    await expectHearing(cluster)
    await traffic.stop()
    const last = Math.max(lost, ...traffic.failures.map(({ endedAt }) => endedAt))
    console.log(
      `failover, ${Math.round(promoted - lost)} ms without a primary: healed ${Math.round(healed)} ms after the promotion, last failure after ${Math.round(last - promoted)} ms; ${traffic.answered} answered, failed: ${JSON.stringify(traffic.counts())}`,
    )

    // What needs the database is refused, what is in memory goes on; nothing else happens.
    const others = Object.keys(traffic.counts()).filter((each) => !/^(write|list): (503|closed)/.test(each))
    expect(others).toEqual([])
    expect(traffic.failures.length).toBe(failedSoFar)
    expect(last).toBeLessThan(promoted + HEALED_MS)

    const kept = await read<{ name: string }>(`SELECT name FROM prompt_template WHERE name LIKE 'failover%'`)
    const names = new Set(kept.map(({ name }) => name))
    expect(traffic.written.filter((name) => !names.has(name))).toEqual([])
    expect([...names].filter((name) => !traffic.tried.includes(name))).toEqual([])
    await until('every use is counted once', async () => {
      const [row] = await read<{ uses: number; sums: number }>(`
        SELECT (SELECT count(*) FROM prompt_usage JOIN prompt_template p ON p.id = prompt_id WHERE p.name = 'greeting')::integer AS uses,
          (SELECT sum(total) FROM usage_hour JOIN prompt_template p ON p.id = prompt_id WHERE p.name = 'greeting')::integer AS sums`)
      return row?.uses === traffic.uses && row.sums === traffic.uses
    })
    const [outbox] = await read<{ left: number }>('SELECT count(*)::integer AS left FROM outbox')
    expect(outbox).toEqual({ left: 0 })
    // Nobody who is gone holds its locks.
    const upkeep = await runAdmin(['upkeep', 'run'], {
      DATABASE_URL: cluster.databaseUrl,
      INCIPIT_DATA_DIR: first.dataDir,
      INCIPIT_SECRET: APPS_SECRET,
    })
    expect(upkeep).toMatchObject({ code: 0, stderr: '' })
  })
})
