import { expect, test } from 'vitest'
import { figureHrefs, generationsOfRow } from './figure-hrefs.ts'
import { readUsageState } from './usage-state.ts'

const read = (search: string) => readUsageState(new URLSearchParams(search))
const EXACT = 'from=2026-11-01T10:00Z&to=2026-11-01T12:00Z'

test('figures lead to single uses of the same hours', () => {
  const hrefs = figureHrefs(read(EXACT), undefined)
  const query = new URL(hrefs.Failed ?? '', 'http://a').searchParams
  expect(query.get('from')).toBe('2026-11-01T10:00Z')
  expect(query.get('to')).toBe('2026-11-01T12:00Z')
  expect(query.get('failed')).toBe('true')
})

test('costs lead to generations, unless these cannot be narrowed alike', () => {
  expect(figureHrefs(read('range=7d'), 'few_shot').Cost).toBe('/generations?prompt=few_shot&range=7d')
  expect(figureHrefs(read(`${EXACT}&tz=Asia/Tokyo`), undefined).Cost).toBe(
    `/generations?${EXACT}&tz=Asia/Tokyo`,
  )
  expect(figureHrefs(read('tz=Asia/Tokyo'), undefined).Cost).toBe('/generations?range=30d&tz=Asia/Tokyo')
  expect(figureHrefs(read('range=7d&client=editor'), undefined).Cost).toBe(
    '/generations?client=editor&range=7d',
  )
  expect(figureHrefs(read('surface=mcp'), undefined)).not.toHaveProperty('Cost')
})

test('a row of spending leads to its generations where the list has such a filter', () => {
  const href = (key: string, by: Parameters<typeof generationsOfRow>[1]) =>
    generationsOfRow({ key, name: `called ${key}` }, by, {})
  expect(href('few_shot@3', 'version')).toBe('/generations?prompt=few_shot&version=3')
  expect(href('writer', 'model')).toBe('/generations?model=writer')
  expect(href('editor', 'client')).toBe('/generations?client=editor')
  expect(href('', 'client')).toBe('/generations?client=')
  expect(href('', 'category')).toBe('/generations?category=')
  expect(href('', 'label')).toBeUndefined()
  expect(generationsOfRow({ key: 'a', name: 'a' }, 'prompt', undefined)).toBeUndefined()
})
