import { expect, it } from 'vitest'
import { generationsHref, isNarrowed, NO_FILTERS, readFilters, toListQuery } from './filters.ts'

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
    Promise.resolve({ status: 'lost', prompt: 'No Name', configuration: '../x', batch: '7' }),
  )
  expect(filters).toEqual(NO_FILTERS)
  expect(isNarrowed(filters)).toBe(false)
})

it("a prompt's own page is about that prompt", () => {
  expect(toListQuery({ ...NO_FILTERS, status: 'running' }, 'greet')).toEqual({
    status: 'running',
    prompt: 'greet',
  })
  expect(generationsHref({ status: 'running' }, 'greet')).toBe('/prompts/greet/generations?status=running')
})
