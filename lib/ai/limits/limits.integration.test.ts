import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { newId } from '../../id.ts'
import type { Runtime } from '../../runtime.ts'
import { refusal } from '../../testing/refusal.ts'
import { type TestRuntime, testRuntime } from '../../testing/runtime.ts'
import { countCaller, type ReserveSpendingInput, reserveSpending } from './reserve-spending.ts'
import { deleteOldSpending, releaseSpending, settleSpending } from './settle-spending.ts'
import type { LimitedConfiguration, Reservation } from './spending.ts'

let app: TestRuntime
let other: Runtime
let configuration: LimitedConfiguration
beforeAll(async () => {
  app = await testRuntime({ limits: { generations_per_minute: 5 } })
  other = app.secondInstance()
})
afterAll(async () => {
  await other.close()
  await app.close()
})
beforeEach(() => {
  configuration = {
    id: newId(),
    name: 'bounded',
    requests_per_minute: null,
    tokens_per_minute: null,
    monthly_token_quota: null,
    monthly_cost_quota: null,
  }
})

/** Ten seconds before a minute ends. */
const AT = new Date('2026-03-10T12:00:50.123Z')

interface Amount extends Partial<Omit<ReserveSpendingInput, 'configuration'>> {
  limits?: Partial<LimitedConfiguration>
  runtime?: Runtime
}

function reserve({ limits, runtime = app.runtime, ...amount }: Amount = {}): Promise<Reservation> {
  return runtime.database.primary.prisma.$transaction((tx) =>
    reserveSpending(tx, {
      workspaceId: app.identity.workspaceId,
      configuration: { ...configuration, ...limits },
      tokens: 10,
      cost: 0.01,
      at: AT,
      ...amount,
    }),
  )
}

const settle = (reservation: Reservation, tokens: number, cost: number) =>
  app.runtime.database.primary.prisma.$transaction((tx) => settleSpending(tx, { reservation, tokens, cost }))
const release = (reservation: Reservation) =>
  app.runtime.database.primary.prisma.$transaction((tx) => releaseSpending(tx, reservation))

async function windows(id = configuration.id) {
  const rows = await app.runtime.database.primary.prisma.aISpending.findMany({
    where: { subject: { endsWith: id } },
    orderBy: [{ period: 'asc' }, { starts_at: 'asc' }],
  })
  return rows.map(({ period, starts_at, requests, tokens, cost }) => ({
    period,
    starts_at: starts_at.toISOString(),
    requests: Number(requests),
    tokens: Number(tokens),
    cost: cost.toFixed(10),
  }))
}

describe('reserveSpending', () => {
  it('counts in the minute and in the month, by UTC', async () => {
    const reservation = await reserve({ tokens: 10.2, cost: 0.1 })
    await reserve({ cost: 0.2 })
    await reserve({ at: new Date('2026-03-31T23:59:59.999Z') })
    await reserve({ at: new Date('2026-04-01T00:00:00.000Z') })
    expect(reservation).toMatchObject({ reservedAt: AT, tokens: 11, cost: 0.1, requests: 1 })
    expect(await windows()).toMatchObject([
      { period: 'minute', starts_at: '2026-03-10T12:00:00.000Z', requests: 2, tokens: 21 },
      { period: 'minute', starts_at: '2026-03-31T23:59:00.000Z', requests: 1 },
      { period: 'minute', starts_at: '2026-04-01T00:00:00.000Z', requests: 1 },
      { period: 'month', starts_at: '2026-03-01T00:00:00.000Z', tokens: 31, cost: '0.3100000000' },
      { period: 'month', starts_at: '2026-04-01T00:00:00.000Z', tokens: 10 },
    ])
  })

  it('takes the clock of the database when no time is given', async () => {
    const before = Date.now()
    const { reservedAt } = await reserve({ at: undefined })
    expect(Math.abs(reservedAt.getTime() - before)).toBeLessThan(60_000)
  })

  it.each([
    [{ requests_per_minute: 2 }, 'rate_limited', 10, 2, 2],
    [{ tokens_per_minute: 25 }, 'rate_limited', 10, 25, 20],
    [{ monthly_token_quota: 29 }, 'quota_exceeded', 1_857_550, 29, 20],
    [{ monthly_cost_quota: 0.02 }, 'quota_exceeded', 1_857_550, 0.02, 0.02],
  ] as const)('refuses beyond %o', async (limits, code, retryAfter, allowed, used) => {
    await reserve({ limits })
    await reserve({ limits })
    const before = await windows()
    const error = await refusal(reserve({ limits }))
    expect(error).toMatchObject({
      code,
      retryAfter,
      extra: { configuration: 'bounded', limit: Object.keys(limits)[0], allowed, used },
    })
    expect(error.extra.resets_at).toBe(
      code === 'rate_limited' ? '2026-03-10T12:01:00.000Z' : '2026-04-01T00:00:00.000Z',
    )
    expect(await windows()).toEqual(before)
  })

  it('begins anew in the next window', async () => {
    const limits = { requests_per_minute: 1, monthly_token_quota: 20 }
    await reserve({ limits })
    await reserve({ limits, at: new Date('2026-03-10T12:01:00Z') })
    const inApril = { limits, at: new Date('2026-04-01T00:00:00Z') }
    expect(await refusal(reserve({ limits, at: new Date('2026-03-10T12:02:00Z') }))).toMatchObject({
      code: 'quota_exceeded',
    })
    await reserve(inApril)
  })

  it('says that what is larger than a limit never fits', async () => {
    const error = await refusal(reserve({ limits: { tokens_per_minute: 9 } }))
    expect(error).toMatchObject({ code: 'rate_limited', extra: { allowed: 9, used: 0, asked: 10 } })
    expect(error.message).toContain('max_tokens')
    expect(await windows()).toEqual([])
    expect(await refusal(reserve({ limits: { monthly_token_quota: 0 } }))).toMatchObject({
      code: 'quota_exceeded',
    })
  })

  it('names the limit that lasts longest when several are hit', async () => {
    const limits = { requests_per_minute: 1, monthly_cost_quota: 0.01 }
    await reserve({ limits })
    expect(await refusal(reserve({ limits }))).toMatchObject({ extra: { limit: 'monthly_cost_quota' } })
  })

  it('bounds what a caller asks for, whatever the configuration', async () => {
    const callerId = newId()
    for (let index = 0; index < 4; index++) await reserve({ callerId })
    configuration = { ...configuration, id: newId() }
    await reserve({ callerId })
    const error = await refusal(reserve({ callerId }))
    expect(error).toMatchObject({
      code: 'rate_limited',
      retryAfter: 10,
      extra: { limit: 'limits.generations_per_minute', allowed: 5, used: 5 },
    })
    expect(error.extra).not.toHaveProperty('configuration')
    expect(await windows()).toMatchObject([{ requests: 1 }, { requests: 1 }])
  })

  it('counts many at once, all or none', async () => {
    const callerId = newId()
    const count = (requests: number) =>
      app.runtime.database.primary.prisma.$transaction((tx) =>
        countCaller(tx, { workspaceId: app.identity.workspaceId, callerId, requests, at: AT }),
      )
    await count(3)
    expect(await refusal(count(3))).toMatchObject({ code: 'rate_limited' })
    await count(2)
    expect(await windows(callerId)).toMatchObject([{ requests: 5 }])
  })

  it('leaves a transaction usable that goes on after a refusal', async () => {
    const spare = { ...configuration, id: newId(), name: 'spare' }
    await app.runtime.database.primary.prisma.$transaction(async (tx) => {
      const common = { workspaceId: app.identity.workspaceId, tokens: 10, cost: 1, at: AT }
      const full = { ...configuration, monthly_cost_quota: 0.5 }
      await refusal(reserveSpending(tx, { ...common, configuration: full }))
      await reserveSpending(tx, { ...common, configuration: spare })
    })
    expect((await windows()).filter(({ requests }) => requests > 0)).toEqual([])
    expect(await windows(spare.id)).toMatchObject([{ requests: 1 }, { tokens: 10 }])
  })
})

describe('200 reservations at once, from two instances', () => {
  it.each([
    [{ monthly_token_quota: 1234 }, 123],
    [{ monthly_cost_quota: 0.5 }, 50],
    [{ requests_per_minute: 77 }, 77],
    [{ tokens_per_minute: 999, requests_per_minute: 150 }, 99],
  ] as const)('admit exactly what %o allows', async (limits, admitted) => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 200 }, (_, index) =>
        reserve({ limits, runtime: index % 2 === 0 ? app.runtime : other }),
      ),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(admitted)
    const codes = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [Object(outcome.reason).code as unknown] : [],
    )
    const code =
      'monthly_token_quota' in limits || 'monthly_cost_quota' in limits ? 'quota_exceeded' : 'rate_limited'
    expect(new Set(codes)).toEqual(new Set([code]))
    expect(await windows()).toMatchObject([
      { requests: admitted, tokens: 10 * admitted },
      { requests: admitted, tokens: 10 * admitted },
    ])
  })
})

it('many who begin the same new minute at once do not stand in each other’s way', async () => {
  const callers = Array.from({ length: 20 }, newId)
  const earlier = await Promise.all(callers.map((callerId) => reserve({ callerId })))
  for (let minute = 1; minute <= 5; minute++) {
    const at = new Date(AT.getTime() + minute * 60_000)
    const runtime = (index: number) => (index % 2 === 0 ? app.runtime : other)
    await Promise.all([
      ...callers.map((callerId, index) => reserve({ callerId, at, runtime: runtime(index) })),
      ...callers.map((callerId, index) => reserve({ callerId, at, runtime: runtime(index + 1) })),
      ...earlier.slice(minute * 3, minute * 3 + 3).map((reservation) => settle(reservation, 1, 0)),
    ])
  }
  expect((await windows()).filter(({ period }) => period === 'month')).toMatchObject([{ requests: 220 }])
})

describe('settleSpending', () => {
  it('puts the real figures in the windows of the reservation', async () => {
    const first = await reserve({ tokens: 100, cost: 0.3 })
    const second = await reserve({ tokens: 100, cost: 0.1 })
    await settle(first, 42, 0.1)
    await settle(second, 150, 0.2)
    const sums = { requests: 2, tokens: 192, cost: '0.3000000000' }
    expect(await windows()).toMatchObject([sums, sums])
  })

  it('gives room again, and may go beyond the limit', async () => {
    const limits = { monthly_token_quota: 20 }
    const [first, second] = [await reserve({ limits }), await reserve({ limits })]
    await settle(first, 0, 0)
    const third = await reserve({ limits })
    await settle(second, 500, 1)
    expect(await refusal(reserve({ limits }))).toMatchObject({ extra: { used: 510 } })
    await settle(third, 0, 0)
  })

  it('never makes a sum negative, and makes no window anew', async () => {
    const reservation = await reserve()
    await app.runtime.database.primary.prisma.aISpending.updateMany({
      where: { subject: { endsWith: configuration.id }, period: 'month' },
      data: { tokens: 3, requests: 0 },
    })
    await app.runtime.database.primary.prisma.aISpending.deleteMany({
      where: { subject: { endsWith: configuration.id }, period: 'minute' },
    })
    await release(reservation)
    expect(await windows()).toMatchObject([{ period: 'month', requests: 0, tokens: 0 }])
  })
})

describe('any interleaving', () => {
  const step = fc.record({
    kind: fc.constantFrom('reserve', 'settle', 'release'),
    pick: fc.nat(),
    tokens: fc.nat(400),
    /** Ten-billionths of a dollar. */
    units: fc.nat(20_000_000_000),
  })
  const limits = { tokens_per_minute: 1500, monthly_cost_quota: 9, requests_per_minute: 12 }

  it('leaves sums that equal the truth', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 24 }), async (steps) => {
        configuration = { ...configuration, id: newId() }
        const held: Reservation[] = []
        const truth = { requests: 0, tokens: 0, units: 0 }
        const surprises: string[] = []
        for (const { kind, pick, tokens, units } of steps) {
          const cost = units / 1e10
          if (kind === 'reserve') {
            const fits =
              truth.tokens + tokens <= 1500 && truth.units + units <= 9e10 && truth.requests + 1 <= 12
            const [outcome] = await Promise.allSettled([reserve({ limits, tokens, cost })])
            if (fits !== (outcome.status === 'fulfilled')) surprises.push(outcome.status)
            if (outcome.status === 'rejected') continue
            held.push(outcome.value)
            truth.requests += 1
            truth.tokens += tokens
            truth.units += units
            continue
          }
          const [reservation] = held.splice(pick % Math.max(1, held.length), 1)
          if (reservation === undefined) continue
          truth.tokens -= reservation.tokens
          truth.units -= Math.round(reservation.cost * 1e10)
          if (kind === 'settle') {
            await settle(reservation, tokens, cost)
            truth.tokens += tokens
            truth.units += units
          } else {
            await release(reservation)
            truth.requests -= 1
          }
        }
        const sums = {
          requests: truth.requests,
          tokens: truth.tokens,
          cost: (truth.units / 1e10).toFixed(10),
        }
        expect(surprises).toEqual([])
        for (const window of await windows()) expect(window).toMatchObject(sums)
      }),
      { numRuns: 40 },
    )
  })

  it('holds when everything happens at once', async () => {
    const reservations = await Promise.all(
      Array.from({ length: 60 }, (_, index) => reserve({ runtime: index % 2 === 0 ? app.runtime : other })),
    )
    await Promise.all(
      reservations.flatMap((reservation, index) => [
        index % 3 === 0 ? release(reservation) : settle(reservation, index, index / 1000),
        reserve({ runtime: other }),
      ]),
    )
    const settled = reservations.map((_, index) => index).filter((index) => index % 3 !== 0)
    const tokens = settled.reduce((sum, index) => sum + index, 0)
    const sums = {
      requests: 60 + settled.length,
      tokens: 600 + tokens,
      cost: (0.6 + tokens / 1000).toFixed(10),
    }
    expect(await windows()).toMatchObject([sums, sums])
  })
})

describe('deleteOldSpending', () => {
  it('deletes minutes after a day and months with their generations, never the month that runs', async () => {
    const days = (count: number) => new Date(Date.now() - count * 86_400_000)
    const now = new Date()
    for (const at of [days(800), days(2), now]) await reserve({ at })
    await deleteOldSpending()
    const month = (at: Date) => `${at.toISOString().slice(0, 7)}-01T00:00:00.000Z`
    expect((await windows()).map(({ period, starts_at }) => `${period} ${starts_at}`)).toEqual([
      `minute ${now.toISOString().slice(0, 16)}:00.000Z`,
      ...[...new Set([month(days(2)), month(now)])].map((start) => `month ${start}`),
    ])
  })
})
