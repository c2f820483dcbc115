import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newId } from '#lib/id.ts'
import { withClient } from '#lib/testing/database.ts'
import { embeddedSubject, type Subject } from './subject.ts'

let subject: Subject

beforeAll(async () => {
  subject = await embeddedSubject({ instances: 3, workers: 8 })
})
afterAll(() => subject.close())

it('several instances keep the limit of a key together', async () => {
  const group = newId()
  const events = Array.from({ length: 30 }, () => ({
    name: 'suite/limited',
    data: { subject: group, group },
  }))
  await Promise.all(events.map((event) => subject.send(event)))
  await subject.journal.until(group, 'end', 30)
  let now = 0
  let most = 0
  for (const { what } of subject.journal.of(group)) {
    now += what === 'begin' ? 1 : -1
    most = Math.max(most, now)
  }
  expect(most).toBe(2)
  expect(subject.journal.count(group, 'begin')).toBe(30)
})

it('planned steps that end together in several instances are joined once', async () => {
  const all = Array.from({ length: 20 }, () => newId())
  for (const own of all) await subject.send({ name: 'suite/parallel', data: { subject: own } })
  for (const own of all) {
    await subject.journal.until(own, 'end')
    expect(subject.journal.count(own, 'ran')).toBe(3)
  }
  for (const own of all) expect(subject.journal.count(own, 'end')).toBe(1)
})

it('work goes on after the database was away, with what had been kept', async () => {
  const url = subject.databaseUrl ?? ''
  const name = new URL(url).pathname.slice(1)
  const admin = new URL(url)
  admin.pathname = '/postgres'
  const all = Array.from({ length: 10 }, () => newId())
  await subject.send(...all.map((own) => ({ name: 'suite/parallel', data: { subject: own } })))
  await subject.journal.until(all[0] ?? '', 'begin')
  await withClient(admin.href, async (client) => {
    await client.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`)
    await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name])
    await delay(1500)
    await client.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`)
  })
  for (const own of all) await subject.journal.until(own, 'end')
  for (const own of all) expect(subject.journal.count(own, 'end')).toBe(1)
})
