import { afterEach, describe, expect, it } from 'vitest'
import { type Cluster, startCluster } from './cluster.ts'
import { asker, makeGreeting, Traffic } from './traffic.ts'

const RATE = 200

let cluster: Cluster

afterEach(() => cluster.stop())

/** Traffic over a new cluster, once every instance has the prompt in memory. */
async function startTraffic(): Promise<Traffic> {
  cluster = await startCluster()
  const ask = await asker(cluster.balancer, true)
  await makeGreeting(ask)
  const traffic = new Traffic(ask, 'scale')
  await traffic.more(600)
  return traffic
}

describe(`four instances behind nginx, at ${RATE} requests a second`, () => {
  it('are restarted one after another without a failed request', async () => {
    const traffic = await startTraffic()
    for (const [place, app] of cluster.apps.entries()) {
      expect(await app.stop()).toBe(0)
      await traffic.more(100)
      await cluster.startAgain(place)
      await traffic.more(400)
    }
    await traffic.stop()
    console.log(`rolling restart: ${traffic.answered} answered, ${traffic.failures.length} failed`)
    expect(traffic.counts()).toEqual({})
    expect(traffic.rate).toBeGreaterThan(RATE * 0.95)
  })

  it('lose with one that is killed what it was answering, and nothing else', async () => {
    const traffic = await startTraffic()
    expect(traffic.counts()).toEqual({})
    const before = performance.now()
    await cluster.apps[2]?.kill()
    const killed = performance.now()
    await traffic.more(600)
    await cluster.startAgain(2)
    await traffic.more(400)
    await traffic.stop()
    console.log(
      `kill: ${traffic.answered} answered, ${traffic.failures.length} failed, within ${Math.round(killed - before)} ms`,
      traffic.counts(),
    )
    for (const failure of traffic.failures) {
      expect(failure.status ?? 502).toBe(502)
      // nginx may have handed it over while the connections were being closed.
      expect(failure.sentAt).toBeLessThan(killed + 100)
    }
    expect(traffic.failures.length).toBeLessThan(RATE * 0.1)
  })
})
