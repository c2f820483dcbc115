import { expect, it } from 'vitest'
import { generationsHref, isNarrowed, NO_FILTERS, narrowingOf, readFilters, toListQuery } from './filters.ts'
import { fileHref } from './queries.ts'

const BATCH = '019abc00-0000-7000-8000-000000000001'

it('what stands in the address is what the list is asked for', async () => {
  const filters = await readFilters(
    Promise.resolve({ status: 'failed', prompt: 'greet', configuration: 'gpt', batch: BATCH }),
  )
  expect(toListQuery(filters)).toEqual({
    status: 'failed',
    prompt: 'greet',
    configuration: 'gpt',
    batch: BATCH,
  })
  expect(generationsHref(filters)).toBe(
    `/generations?status=failed&prompt=greet&configuration=gpt&batch=${BATCH}`,
  )
})

it('what cannot be right narrows nothing', async () => {
  const filters = await readFilters(
    Promise.resolve({
      q: '',
      status: 'lost',
      prompt: 'No Name',
      configuration: '../x',
      batch: '7',
      range: '3d',
      from: 'yesterday',
      version: '0',
      error: 'No Code',
      who: 'me',
      latency_ms_min: '-1',
      latency_ms_max: '1.5',
      cost_min: 'much',
      cost_max: 'Infinity',
      sort: 'text',
    }),
  )
  expect(filters).toEqual({ ...NO_FILTERS, sort: null })
  expect(isNarrowed(filters)).toBe(false)
})

it.each(['', ' 5 ', '0x10', '1e1', '5.', 'true'])('"%s" is no bound', async (text) => {
  const filters = await readFilters(
    Promise.resolve({
      version: text,
      latency_ms_min: text,
      latency_ms_max: text,
      cost_min: text,
      cost_max: text,
    }),
  )
  expect(filters).toEqual({ ...NO_FILTERS, sort: null })
})

it('a cost of less than a millionth stands in addresses as it is read there', async () => {
  const filters = { ...NO_FILTERS, sort: null, cost_min: 0.000_000_1 }
  const { searchParams } = new URL(generationsHref(filters), 'http://here')
  expect(searchParams.get('cost_min')).toBe('0.0000001')
  expect(await readFilters(Promise.resolve(Object.fromEntries(searchParams)))).toEqual(filters)
  expect(fileHref(toListQuery(filters), 'csv', [])).toContain('cost_min=0.0000001')
})

it('every narrowing stands in the address, by its own name', async () => {
  const address = {
    q: 'refund',
    prompt: 'greet',
    version: '3',
    label: 'production',
    model: 'gpt-5 mini',
    error: 'bad_answer',
    who: BATCH,
    latency_ms_min: '2000',
    latency_ms_max: '60000',
    cost_min: '0.001',
    cost_max: '2',
    sort: '-tokens_per_second',
  }
  const filters = await readFilters(Promise.resolve(address))
  expect(toListQuery(filters)).toEqual({
    q: 'refund',
    prompt: 'greet',
    version: 3,
    label: 'production',
    model: 'gpt-5 mini',
    error: 'bad_answer',
    author: BATCH,
    latency_ms_min: 2000,
    latency_ms_max: 60_000,
    cost_min: 0.001,
    cost_max: 2,
    sort: '-tokens_per_second',
  })
  const { searchParams } = new URL(generationsHref(filters), 'http://here')
  expect(Object.fromEntries(searchParams)).toEqual(address)
  expect(narrowingOf(toListQuery(filters))).not.toHaveProperty('q')
})

it('a version without a prompt is not asked for', () => {
  expect(toListQuery({ ...NO_FILTERS, sort: null, version: 3 })).toEqual({})
  expect(toListQuery({ ...NO_FILTERS, sort: null, version: 3 }, 'greet')).toEqual({
    prompt: 'greet',
    version: 3,
  })
})

it("a prompt's own page is about that prompt", () => {
  expect(toListQuery({ ...NO_FILTERS, sort: null, status: 'running' }, 'greet')).toEqual({
    status: 'running',
    prompt: 'greet',
  })
  expect(generationsHref({ status: 'running' }, 'greet')).toBe('/prompts/greet/generations?status=running')
})

it('a range begins with a day of the reader and goes on; two chosen days end when they are over', () => {
  const all = { ...NO_FILTERS, sort: null }
  const week = toListQuery({ ...all, range: '7d' }, undefined, 'Europe/Berlin')
  expect(week).toEqual({ from: expect.stringMatching(/T2[23]:00:00\.000Z$/) })
  expect(toListQuery({ ...all, from: '2026-01-05', to: '2026-01-06' })).toEqual({
    from: '2026-01-05T00:00:00.000Z',
    to: '2026-01-07T00:00:00.000Z',
  })
})

it('times are to the minute, and days those of the zone in the address', async () => {
  const read = async (search: string) =>
    readFilters(Promise.resolve(Object.fromEntries(new URLSearchParams(search))))
  const minutes = await read('from=2026-01-05T13:05:10Z&to=2026-01-05T13:20Z&tz=Asia/Tokyo')
  expect(toListQuery(minutes)).toEqual({ from: '2026-01-05T13:05:00.000Z', to: '2026-01-05T13:20:00.000Z' })
  expect(generationsHref(minutes)).toBe(
    '/generations?from=2026-01-05T13:05Z&to=2026-01-05T13:20Z&tz=Asia/Tokyo',
  )
  const days = await read('from=2026-01-05&to=2026-01-05&tz=Asia/Tokyo')
  expect(toListQuery(days, undefined, 'Europe/Berlin')).toEqual({
    from: '2026-01-04T15:00:00.000Z',
    to: '2026-01-05T15:00:00.000Z',
  })
  expect(isNarrowed(await read('tz=Asia/Tokyo'))).toBe(false)
})

it('the sort is no filter, and the usual one is not asked for', () => {
  expect(isNarrowed({ ...NO_FILTERS, sort: '-cost' })).toBe(false)
  expect(toListQuery({ ...NO_FILTERS, sort: '-cost' })).toEqual({ sort: '-cost' })
  expect(toListQuery({ ...NO_FILTERS, q: '  ', sort: '-created_at' })).toEqual({})
})
