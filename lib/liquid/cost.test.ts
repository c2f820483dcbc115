import { describe, expect, it } from 'vitest'
import { isAppError } from '../errors.ts'
import { errorOf, renderText } from '../prompts/template/testing.ts'
import { threadMs } from '../testing/time/processor-time.ts'
import { DEFAULT_LIMITS } from './budget.ts'
import { FILTER_NAMES, findFilter } from './filters.ts'
import {
  HOSTILE_FILTER_VALUES,
  HOSTILE_FILTER_VARIABLES,
  HOSTILE_STEPS,
  HOSTILE_VARIABLES,
  hostileCalls,
} from './hostile.ts'

/** A part of what a saved version may use on the main thread. */
const WORK = 150_000
/** The main thread's million units may take 300 ms, so each takes 300 ns; alone on a machine it is 30. */
const MOST_MS = (WORK * 300) / 1_000_000

/** Milliseconds of a render that only its work can stop. */
function cost(text: string): number {
  const limits = { ...DEFAULT_LIMITS, work: WORK, timeMs: Number.POSITIVE_INFINITY }
  return threadMs(() => {
    try {
      renderText(text, HOSTILE_FILTER_VALUES, { variables: HOSTILE_FILTER_VARIABLES, limits })
    } catch (error) {
      if (!isAppError(error) || error.code === 'internal') throw error
    }
  }, MOST_MS)
}

describe('work is charged before it is done', () => {
  it.each(FILTER_NAMES)('by the filter %s, whatever it is given', (name) => {
    const calls = hostileCalls(name, findFilter(name)?.args[1] ?? 0)
    expect(calls.length).toBeGreaterThan(0)
    expect(calls.filter(([, text]) => cost(text) >= MOST_MS).map(([title]) => title)).toEqual([])
  })

  it.each(HOSTILE_STEPS)('by %s', (_step, text) => {
    expect(cost(text)).toBeLessThan(MOST_MS)
  })

  it.each([
    'json',
    'json: 8',
    'join',
    'sort | size',
    'array_to_sentence_string',
    'append: "!"',
    'slice: 0, 9 | json',
  ])('by one long item that a list holds 8,192 times: %s', (filter) => {
    const text = `{% assign a = list %}{% for i in (1..13) %}{% assign a = a | concat: a %}{% endfor %}{{ a | ${filter} }}`
    let code: string | undefined
    const held = threadMs(() => {
      code = errorOf(() =>
        renderText(
          text,
          { list: ['x'.repeat(250_000)] },
          {
            variables: [...HOSTILE_VARIABLES],
            limits: { ...DEFAULT_LIMITS, timeMs: Number.POSITIVE_INFINITY },
          },
        ),
      ).details[0]?.code
    }, 300)
    expect(['work_limit', 'output_limit']).toContain(code)
    expect(held).toBeLessThan(300)
  })
})

it('limits.output_bytes counts bytes of UTF-8: in texts, values and includes', () => {
  const limits = { ...DEFAULT_LIMITS, output: 30 }
  const euros = (count: number) => '\u20ac'.repeat(count)
  expect(renderText('{{ x }}', { x: euros(10) }, { limits })).toBe(euros(10))
  expect(renderText(euros(10), {}, { limits })).toBe(euros(10))
  expect(renderText('{{ x }}', { x: '\u{1F600}'.repeat(7) }, { limits })).toHaveLength(14)
  const included = { name: 'other', version: 1, text: `${euros(5)}{{ x }}`, includes: new Map() }
  const variables = [{ name: 'x', type: 'string' as const, required: true }]
  const includes = new Map([['other', { ...included, variables }]])
  const tooLarge = [
    () => renderText('{{ x }}', { x: euros(11) }, { limits }),
    () => renderText(euros(11), {}, { limits }),
    () => renderText('{{ x }}', { x: '\u{1F600}'.repeat(8) }, { limits }),
    () => renderText('{% render "other", x: x %}', { x: euros(6) }, { limits, includes }),
  ]
  for (const render of tooLarge)
    expect(errorOf(render)).toMatchObject({
      code: 'too_large',
      message: expect.stringContaining('30 bytes'),
      extra: { limit: 'limits.output_bytes' },
    })
})
