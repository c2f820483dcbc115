import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { change } from '../db/change.ts'
import { readQueues } from '../health/read-work.ts'
import { createLog } from '../log.ts'
import { metrics } from '../metrics.ts'
import { eventually } from '../testing/models/generations.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import type { OutboxMessage, Target, Unsent } from './message.ts'
import { addOutboxMetrics, Outbox, outbox } from './outbox.ts'
import { insertMessages } from './write-messages.ts'

let app: TestRuntime
let lines: string[]
/** The target of the outboxes of a test: what it was sent, and what it refuses. */
let calls: string[][]
let refuses: (id: string) => boolean
let relay: Outbox

beforeAll(async () => {
  app = await testRuntime({
    limits: {
      outbox_retry_ms: 10,
      outbox_retry_max_ms: 40,
      outbox_poll_ms: 50,
      outbox_tries: 3,
      outbox_claim_ms: 60_000,
    },
  })
})
afterAll(() => app.close())
beforeEach(async () => {
  await outbox().settled()
  await sql('DELETE FROM outbox')
  lines = []
  calls = []
  refuses = () => false
  relay = makeRelay()
})

const sql = (text: string, values: unknown[] = []) =>
  app.runtime.database.primary.pool.query<Record<string, unknown>>(text, values)

const target: Target = {
  isReady: () => true,
  send(messages) {
    calls.push(messages.map(({ id }) => id))
    const isRefused = messages.some(({ id }) => refuses(id))
    return isRefused ? Promise.reject(new Error('refused')) : Promise.resolve()
  },
}

/** The outbox of another process. */
function makeRelay(to: Target = target): Outbox {
  const log = createLog({ level: 'info', format: 'json' }, { write: (line: string) => void lines.push(line) })
  return new Outbox({ config: app.runtime.config, log, feed: app.runtime.feed }, { test: to })
}

const message = (id: string, subject = id): OutboxMessage => ({
  target: 'test',
  subject,
  id,
  name: 'something/happened',
  data: { id },
})

/** What a process writes that dies before it sends: due at once, as after its time for sending. */
async function leave(...messages: OutboxMessage[]): Promise<void> {
  await sql(insertMessages({ workspace: '$1::uuid', messages: '$2::json', claimMs: '$3::integer' }), [
    app.identity.workspaceId,
    JSON.stringify(messages),
    0,
  ])
}

async function waiting(): Promise<string[]> {
  const { rows } = await sql('SELECT id FROM outbox ORDER BY written_at, id')
  return rows.map(({ id }) => String(id))
}

const triesOf = async (id: string) =>
  (await sql('SELECT tries FROM outbox WHERE id = $1', [id])).rows[0]?.tries

const unsent = (...ids: string[]): Unsent[] =>
  ids.map((id) => ({ ...message(id), workspaceId: app.identity.workspaceId, tries: 0 }))

describe('a target', () => {
  it('gets a message again when it wants to, and what came after it about the same subject then', async () => {
    const seen: string[] = []
    const picky: Target = {
      isReady: () => true,
      send(messages) {
        seen.push(...messages.map(({ id }) => id))
        const isFirst = seen.filter((id) => id === 'a').length === 1
        return Promise.resolve(messages.flatMap(({ id }) => (id === 'a' && isFirst ? [{ id, ms: 30 }] : [])))
      },
    }
    const to = makeRelay(picky)
    await change(app.actor(), ({ send }) => {
      send(message('a', 's'))
      send(message('b', 's'))
      return Promise.resolve()
    })
    await sql('UPDATE outbox SET due_at = now()')
    to.start()
    await eventually(waiting, (left) => left.length === 0)
    await to.stop()
    expect(seen).toEqual(['a', 'a', 'b'])
  })
})

it('a message that takes long holds up no others where a target has lanes, also none that come later', async () => {
  const slow = Promise.withResolvers<void>()
  const seen: string[] = []
  const to = makeRelay({
    most: 1,
    lanes: 2,
    isReady: () => true,
    async send([{ id } = message('none')]) {
      if (id === 'slow') await slow.promise
      seen.push(id)
    },
  })
  await leave(message('slow'), message('a'), message('b', 's'), message('c', 's'))
  to.start()
  await eventually(
    () => Promise.resolve(seen),
    (all) => all.length === 3,
  )
  await leave(message('later'))
  await eventually(
    () => Promise.resolve(seen),
    (all) => all.length === 4,
  )
  expect(seen.filter((id) => id !== 'a')).toEqual(['b', 'c', 'later'])
  slow.resolve()
  await eventually(waiting, (left) => left.length === 0)
  await to.stop()
  expect(seen.at(-1)).toBe('slow')
})

it('a webhook that is tried again, and what waits behind it, makes no message late', async () => {
  await change(app.actor(), ({ send }) => {
    for (const id of ['a', 'b']) send({ ...message(id, 's'), target: 'webhooks' })
    return Promise.resolve()
  })
  await outbox().settled()
  const oldest = async () => {
    const { outbox } = await readQueues(app.runtime.database.primary.pool, 3)
    return Math.round(outbox.oldest_seconds)
  }
  await sql(`UPDATE outbox SET written_at = written_at - interval '1 hour',
    due_at = CASE id WHEN 'a' THEN now() + interval '1 minute' ELSE now() END`)
  expect(await oldest()).toBe(0)
  await sql('UPDATE outbox SET due_at = now()')
  expect(await oldest()).toBe(3600)
})

describe('a change', () => {
  it('writes what it starts in its transaction, for the process that commits it', async () => {
    await change(app.actor(), ({ send }) => {
      send(message('a'))
      send(message('b'))
      return Promise.resolve()
    })
    expect(await waiting()).toEqual(['a', 'b'])
    // The process that has written them has them for itself.
    await relay.round()
    expect(calls).toEqual([])
    relay.sendNow(unsent('a', 'b'))
    await relay.settled()
    expect(calls).toEqual([['a', 'b']])
    expect(await waiting()).toEqual([])
  })

  it('that writes two messages of one subject keeps the first for itself: nothing waits for the second', async () => {
    await change(app.actor(), ({ send }) => {
      send(message('a', 's'))
      send(message('b', 's'))
      return Promise.resolve()
    })
    const { rows } = await sql('SELECT id FROM outbox WHERE due_at <= now()')
    expect(rows).toEqual([{ id: 'b' }])
  })

  it('that is rolled back sends nothing', async () => {
    const failing = change(app.actor(), ({ send }) => {
      send(message('a'))
      return Promise.reject(new Error('no'))
    })
    await expect(failing).rejects.toThrow('no')
    expect(await waiting()).toEqual([])
  })

  it('that is replayed for its Idempotency-Key sends nothing again', async () => {
    const keyed = () => app.actor({ idempotency: { route: 'POST /test', key: 'k', bodyHash: 'h' } })
    const work = () =>
      change(keyed(), ({ send }) => {
        send(message('a'))
        return Promise.resolve({ done: true })
      })
    await work()
    await sql('DELETE FROM outbox')
    await work()
    expect(await waiting()).toEqual([])
  })
})

describe('what a crash left between commit and send', () => {
  it('is sent by a relay, oldest first', async () => {
    await leave(message('a'), message('b'))
    await leave(message('c'))
    await relay.round()
    expect(calls).toEqual([['a', 'b', 'c']])
    expect(await waiting()).toEqual([])
  })

  it('is left alone while its process may still send it', async () => {
    await leave(message('a'))
    await sql(`UPDATE outbox SET due_at = now() + interval '5 seconds'`)
    await relay.round()
    expect(calls).toEqual([])
  })

  it('is sent again when a relay crashed over it', async () => {
    await leave(message('a'))
    const dying = makeRelay({ isReady: () => true, send: () => Promise.withResolvers<void>().promise })
    void dying.round()
    await eventually(
      async () => (await sql('SELECT FROM outbox WHERE due_at > now()')).rowCount,
      (count) => count === 1,
    )
    await relay.round()
    expect(calls).toEqual([])
    await sql('UPDATE outbox SET due_at = now()')
    await relay.round()
    expect(calls).toEqual([['a']])
  })

  it('is sent once by two relays, each subject in its order', async () => {
    const ids = Array.from({ length: 60 }, (_, n) => message(`${n % 20}-${Math.floor(n / 20)}`, `s${n % 20}`))
    await leave(...ids)
    app.runtime.config.limits.outbox_batch = 7
    await Promise.all([relay.round(), makeRelay().round(), makeRelay().round()])
    // One may have looked while another one was sending what goes before.
    await relay.round()
    app.runtime.config.limits.outbox_batch = 500
    const sent = calls.flat()
    expect(sent).toHaveLength(60)
    for (let n = 0; n < 20; n++)
      expect(sent.filter((id) => id.startsWith(`${n}-`))).toEqual([`${n}-0`, `${n}-1`, `${n}-2`])
    expect(await waiting()).toEqual([])
  })
})

describe('messages of one subject', () => {
  it('wait for the first one, in whatever process it is', async () => {
    const write = (id: string) =>
      change(app.actor(), ({ send }) => {
        send(message(id, 'subject'))
        return Promise.resolve()
      })
    await write('first')
    await write('second')
    await relay.round()
    expect(calls).toEqual([])
    relay.sendNow(unsent('first').map((each) => ({ ...each, subject: 'subject' })))
    await relay.settled()
    expect(calls).toEqual([['first']])
    await relay.round()
    expect(calls).toEqual([['first'], ['second']])
  })

  it('follow at once where the process is a relay', async () => {
    await leave(message('first', 'subject'))
    await sql(`UPDATE outbox SET due_at = now() + interval '1 minute'`)
    await leave(message('second', 'subject'), message('third', 'subject'))
    relay.start()
    relay.sendNow(unsent('first').map((each) => ({ ...each, subject: 'subject' })))
    await eventually(waiting, (left) => left.length === 0)
    await relay.stop()
    expect(calls).toEqual([['first'], ['second'], ['third']])
  })
})

describe('a target that refuses', () => {
  it('gets everything when it is back, and no message is to blame', async () => {
    refuses = () => true
    await leave(...Array.from({ length: 20 }, (_, n) => message(`m${n}`)))
    await relay.round()
    expect(calls.length).toBeLessThan(10)
    await eventually(
      async () => {
        await relay.round()
        return calls.length
      },
      (count) => count > 20,
    )
    expect((await sql('SELECT FROM outbox WHERE tries > 0')).rowCount).toBe(0)
    refuses = () => false
    calls = []
    await eventually(
      async () => {
        await relay.round()
        return waiting()
      },
      (left) => left.length === 0,
    )
    expect(new Set(calls.flat()).size).toBe(20)
    expect(lines.filter((line) => line.includes('messages could not be sent'))).toHaveLength(1)
    expect(lines.filter((line) => line.includes('messages are taken again'))).toHaveLength(1)
  })

  it('for the process that has just committed leaves the message to relays', async () => {
    refuses = () => true
    await leave(message('a'))
    relay.sendNow(unsent('a'))
    await relay.settled()
    expect(await waiting()).toEqual(['a'])
    refuses = () => false
    relay.start()
    await eventually(waiting, (left) => left.length === 0)
    await relay.stop()
  })

  it('is passed by when this process cannot send: another one is woken', async () => {
    await app.startFeed()
    relay.start()
    await leave(message('a'))
    await sql(`UPDATE outbox SET due_at = now() + interval '1 minute'`)
    const mute = makeRelay({ isReady: () => false, send: () => Promise.reject(new Error('never')) })
    mute.sendNow(unsent('a'))
    await eventually(waiting, (left) => left.length === 0)
    await relay.stop()
    expect(calls).toEqual([['a']])
  })
})

describe('a message that is refused again and again while others are taken', () => {
  it('is kept, told of and counted, and holds up its own subject alone', async () => {
    addOutboxMetrics()
    const told = async (name: string) =>
      Number(new RegExp(`^incipit_outbox_${name} (\\S+)$`, 'm').exec(await metrics().expose())?.[1])
    refuses = (id) => id === 'poison'
    await leave(message('poison', 'subject'), message('after', 'subject'), message('other'))
    expect(await told('queued')).toBe(3)
    await sql(`UPDATE outbox SET written_at = written_at - interval '10 minutes' WHERE subject = 'subject'`)
    expect(await told('oldest_seconds')).toBeGreaterThanOrEqual(600)
    let others = 0
    await eventually(
      async () => {
        await leave(message(`another ${others++}`))
        await relay.round()
        return triesOf('poison')
      },
      (tries) => tries === 3,
    )
    const isLate = calls.length
    await sql('UPDATE outbox SET due_at = now()')
    await leave(message('last'))
    // The last refusal may have let the target rest for a moment.
    const sentLate = async () => {
      await relay.round()
      return calls.slice(isLate)
    }
    await eventually(sentLate, (sent) => sent.length > 0)
    expect(calls.slice(isLate)).toEqual([['last']])
    expect(await waiting()).toEqual(['poison', 'after'])
    expect(await told('poisoned')).toBe(1)
    expect(await told('queued')).toBe(1)
    const warned = lines.filter((line) => line.includes('refused again and again'))
    expect(warned).toHaveLength(1)
    expect(JSON.parse(warned[0] ?? '')).toMatchObject({ level: 'warn', id: 'poison', subject: 'subject' })
    // Somebody has mended what was wrong with it.
    refuses = () => false
    await sql('UPDATE outbox SET tries = 0')
    await relay.round()
    expect(await waiting()).toEqual([])
  })
})
