import { expect, it } from 'vitest'
import { threadMs } from '../../testing/time/processor-time.ts'
import { parseYaml } from './parse-yaml.ts'

const QUIET = { logLevel: 'silent' } as const
const codes = (text: string) =>
  parseYaml(text, QUIET).errors.map(({ code, pos: [start] }) => ({ code, start }))

it.each([
  ['a: 1\nb: 2\na: 3', [{ code: 'DUPLICATE_KEY', start: 10 }]],
  ['x: {a: 1, b: 2, a: 3}', [{ code: 'DUPLICATE_KEY', start: 16 }]],
  ['- a: 1\n- a: 2', []],
  ['a: {a: 1}', []],
  ['"1": a\n1: b', []],
])('tells of a key that its mapping has already: %s', (text, errors) => {
  expect(codes(text)).toEqual(errors)
})

const LENGTH = 200_000
const HOSTILE: Record<string, string> = {
  brackets: 'x: '.concat('[]'.repeat(LENGTH / 2)),
  quotes: 'x: '.concat('"'.repeat(LENGTH)),
  anchors: 'x: '.concat('&a '.repeat(LENGTH / 3)),
  keys: Array.from({ length: LENGTH / 10 }, (_, n) => `k${n}: 1`).join('\n'),
  'keys in braces': `x: {${Array.from({ length: LENGTH / 10 }, (_, n) => `k${n}: 1`).join(', ')}}`,
}
/** What grows with the square takes five to sixty times as long. */
const MOST_MS = 3_000

it.each(Object.keys(HOSTILE))('reads many %s in time that grows as they do', (kind) => {
  const text = HOSTILE[kind] ?? ''
  expect(threadMs(() => parseYaml(text, QUIET), MOST_MS)).toBeLessThan(MOST_MS)
})
