/**
 * `node suite/measure.ts [SECONDS]`: functions a second, and what the embedded runner adds to the time of their
 * steps, on a database of its own (database.ts says where). So many callers send an event and wait for the end of
 * its run before they send the next.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { Inngest, InngestFunction } from 'inngest'
import pg from 'pg'
import { freshDatabase } from './database.ts'
import { embeddedRunner } from './embedded-runner.ts'

const SECONDS = Number(process.argv[2] ?? 5)
const KINDS = [
  { kind: 'one step', steps: 1, ms: 0 },
  { kind: 'three steps', steps: 3, ms: 0 },
  { kind: 'one step of 300 ms', steps: 1, ms: 300 },
]
const CALLERS = [1, 32, 256]

const began = new Map<string, () => void>()
const ended = new Map<string, () => void>()

const functions = (client: Inngest.Any): InngestFunction.Any[] => [
  client.createFunction({ id: 'work', triggers: [{ event: 'measure/work' }] }, async ({ event, step }) => {
    const { call, steps, ms } = event.data as { call: string; steps: number; ms: number }
    for (let n = 1; n <= steps; n++) {
      await step.run(`step ${n}`, async () => {
        if (n === 1) began.get(call)?.()
        if (ms > 0) await delay(ms)
        if (n === steps) ended.get(call)?.()
      })
    }
  }),
]

const database = await freshDatabase()
const pool = new pg.Pool({ connectionString: database.url, max: 20 })
const runner = embeddedRunner({ pool, connectionString: database.url, workers: 256 }, functions)
// The end of the database ends its connections.
pool.on('error', () => undefined)
await runner.start()
try {
  await measure({ steps: 3, ms: 0 }, 8, 1)
  for (const { kind, ...work } of KINDS) {
    for (const callers of CALLERS) {
      const { rate, begin, added, cpu } = await measure(work, callers, SECONDS)
      process.stdout.write(
        `${kind.padEnd(20)} ${String(callers).padStart(4)} callers ${rate.toFixed(0).padStart(5)} a second` +
          `  begins after p50 ${at(begin, 0.5)} p99 ${at(begin, 0.99)} ms  adds p50 ${at(added, 0.5)} p99 ${at(added, 0.99)} ms` +
          `  ${cpu.toFixed(2)} ms CPU each\n`,
      )
    }
  }
} finally {
  await runner.stop(0)
  await pool.end()
  await database.drop()
}

async function measure(work: { steps: number; ms: number }, callers: number, seconds: number) {
  const begin: number[] = []
  const added: number[] = []
  const cpuBefore = process.cpuUsage()
  const start = performance.now()
  const until = start + seconds * 1000
  let calls = 0
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (performance.now() < until) {
        const call = String(++calls)
        const sent = performance.now()
        const done = Promise.withResolvers<void>()
        began.set(call, () => begin.push(performance.now() - sent))
        ended.set(call, () => done.resolve())
        await runner.send([{ name: 'measure/work', data: { call, ...work } }])
        await done.promise
        added.push(performance.now() - sent - work.steps * work.ms)
        began.delete(call)
        ended.delete(call)
      }
    }),
  )
  const cpu = process.cpuUsage(cpuBefore)
  const rate = added.length / ((performance.now() - start) / 1000)
  return { rate, begin, added, cpu: (cpu.user + cpu.system) / 1000 / added.length }
}

function at(figures: number[], share: number): string {
  const sorted = figures.toSorted((a, b) => a - b)
  return (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(0)
}
