import { afterAll, beforeAll, expect, it } from 'vitest'
import { newSubject, withClient } from './database.ts'
import { silent } from './embedded-runner.ts'
import { embeddedSubject, type Subject } from './subject.ts'

const INSTANCES = 3
/** The subject of what the runners warn of. */
const RUNNERS = 'runners'

let subject: Subject

beforeAll(async () => {
  subject = await embeddedSubject({
    instances: INSTANCES,
    workers: 8,
    log: { ...silent, warn: (_fields: object, message: string) => subject.journal.write(RUNNERS, message) },
  })
})
afterAll(() => subject.close())

it('several instances keep the limit of a key together', async () => {
  const group = newSubject()
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

it('work goes on after the database was away, with what had been kept', async () => {
  const url = subject.databaseUrl ?? ''
  const name = new URL(url).pathname.slice(1)
  const admin = new URL(url)
  admin.pathname = '/postgres'
  const all = Array.from({ length: 10 }, () => newSubject())
  await subject.send(...all.map((own) => ({ name: 'suite/long', data: { subject: own } })))
  await subject.journal.until(all[0] ?? '', 'begin')
  await withClient(admin.href, async (client) => {
    await client.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`)
    // Autovacuum may be in it as well, which a role like this may not end.
    await client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = $1 AND usename = current_user`,
      [name],
    )
    await subject.journal.until(
      RUNNERS,
      'the database does not answer the background work; it is tried again',
      INSTANCES,
    )
    await client.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`)
  })
  for (const own of all) await subject.journal.until(own, 'end')
  for (const own of all) expect(subject.journal.count(own, 'end')).toBe(1)
})
