import { describe, expect, it } from 'vitest'
import { Config } from '../../config/schema.ts'
import { isAppError } from '../../errors.ts'
import { DEFAULT_LIMITS, WIDEST_TEXT_LIMITS } from '../../liquid/budget.ts'
import { HOSTILE_TEXTS, HOSTILE_VALUES, HOSTILE_VARIABLES } from '../../liquid/hostile.ts'
import type { TextLimits } from '../../liquid/types.ts'
import { threadMs } from '../../testing/time/processor-time.ts'
import { checkPrompt } from '../template.ts'
import { WIDEST_PATTERN_SIZE } from '../variables/pattern.ts'
import { errorOf, included, renderText, textContent } from './testing.ts'

/** The promise; alone on a machine all of these are under 150 ms. */
const HELD_AT_MOST_MS = 300

function outcomeOf(run: () => unknown): string {
  try {
    run()
    return 'done'
  } catch (error) {
    return isAppError(error) ? error.code : String(error)
  }
}

describe('case 7: a template bomb ends in a limit error, soon', () => {
  it.each(Object.entries(HOSTILE_TEXTS))('%s', (_name, text) => {
    const variables = [...HOSTILE_VARIABLES]
    const checking = threadMs(() => checkPrompt({ content: textContent(text), variables }), HELD_AT_MOST_MS)
    let outcome = ''
    const rendering = threadMs(() => {
      outcome = outcomeOf(() => renderText(text, HOSTILE_VALUES, { variables }))
    }, HELD_AT_MOST_MS)
    expect(['done', 'unprocessable', 'too_large']).toContain(outcome)
    expect([checking < HELD_AT_MOST_MS, rendering < HELD_AT_MOST_MS]).toEqual([true, true])
  })

  it('counts work, not time: the same input always ends the same way', () => {
    const loop = '{% for i in (1..1000) %}{% for j in (1..1000) %}{{ j }}{% endfor %}{% endfor %}'
    const errors = [1, 2, 3].map(() =>
      errorOf(() => renderText(loop, {}, { limits: { ...DEFAULT_LIMITS, timeMs: 60_000 } })),
    )
    expect(new Set(errors.map((error) => JSON.stringify(error.details))).size).toBe(1)
    expect(errors[0]?.details[0]?.code).toBe('work_limit')
  })

  it('stops by the clock as the last resort', () => {
    // The thread's clock may stand still for some milliseconds.
    const ENDLESS = '{% for i in (1..9999) %}{% for j in (1..9999) %}{{ j }}{% endfor %}{% endfor %}'
    const limits = {
      ...DEFAULT_LIMITS,
      work: Number.MAX_SAFE_INTEGER,
      output: Number.MAX_SAFE_INTEGER,
      timeMs: 0,
    }
    const error = errorOf(() => renderText(ENDLESS, {}, { limits }))
    expect([error.code, error.details[0]?.code]).toEqual(['unprocessable', 'time_limit'])
  })

  it('bounds the result', () => {
    const limits = { ...DEFAULT_LIMITS, output: 100 }
    expect(renderText('{{ x }}', { x: 'a'.repeat(100) }, { limits })).toHaveLength(100)
    const error = errorOf(() => renderText('{{ x }}', { x: 'a'.repeat(101) }, { limits }))
    expect([error.code, error.details[0]?.code]).toEqual(['too_large', 'output_limit'])
  })

  it('bounds lists', () => {
    for (const text of ['{% for i in (1..10001) %}{% endfor %}', '{{ x | split: "" | size }}']) {
      const error = errorOf(() => renderText(text, text.includes('x') ? { x: 'a'.repeat(10_001) } : {}))
      expect([error.code, error.details[0]?.code]).toEqual(['too_large', 'too_many_items'])
    }
  })

  it('bounds texts by what the configuration says, never beyond what it can say', () => {
    const limits = { tags: 3, depth: 2, includeDepth: 1 }
    const codes = (text: string, given?: TextLimits) =>
      checkPrompt({ content: textContent(text), variables: [x] }, given).problems.map(({ code }) => code)
    const x = { name: 'x', type: 'string', required: true } as const
    const nested = (levels: number) => `${'{% if x %}'.repeat(levels)}${'{% endif %}'.repeat(levels)}`
    expect([codes('{{ x }}'.repeat(3), limits), codes('{{ x }}'.repeat(4), limits)]).toEqual([
      [],
      ['too_many_marks'],
    ])
    const deep = { ...limits, tags: 100 }
    expect([codes(nested(2), deep), codes(nested(3), deep)]).toEqual([[], ['too_deep']])
    const { tags, depth } = WIDEST_TEXT_LIMITS
    const saved = (text: string) => errorOf(() => renderText(text, { x: '' }, { variables: [x] }))
    // What was saved under a wider limit goes on being rendered.
    expect(renderText('{{ x }}'.repeat(tags), { x: '' }, { variables: [x] })).toBe('')
    expect(saved('{{ x }}'.repeat(tags + 1)).extra).toEqual({ limit: 'limits.template_tags' })
    expect(renderText(nested(depth), { x: '' }, { variables: [x] })).toBe('')
    expect(saved(nested(depth + 1)).extra).toEqual({ limit: 'limits.template_depth' })
  })

  it.each([
    ['template_tags', WIDEST_TEXT_LIMITS.tags],
    ['template_depth', WIDEST_TEXT_LIMITS.depth],
    ['include_depth', WIDEST_TEXT_LIMITS.includeDepth],
    ['pattern_size', WIDEST_PATTERN_SIZE],
  ])('knows the widest that the configuration allows of limits.%s', (key, widest) => {
    expect(Config.safeParse({ limits: { [key]: widest } }).success).toBe(true)
    expect(Config.safeParse({ limits: { [key]: widest + 1 } }).success).toBe(false)
  })

  it('has the defaults of the configuration', () => {
    const { limits } = Config.parse({})
    expect(DEFAULT_LIMITS.texts).toEqual({
      tags: limits.template_tags,
      depth: limits.template_depth,
      includeDepth: limits.include_depth,
    })
    expect(DEFAULT_LIMITS.values).toEqual({
      length: limits.values_length,
      items: limits.values_items,
      depth: limits.values_depth,
      patternSize: limits.pattern_size,
      patternWork: limits.pattern_work,
    })
  })

  it('bounds the code and depth of a text, and leaves its length to the configuration', () => {
    const long = textContent('x'.repeat(2_000_000))
    expect(checkPrompt({ content: long, variables: [] }).problems).toEqual([])
    const many = '{{ x }}'.repeat(5_001)
    expect(checkPrompt({ content: textContent(many), variables: [] }).problems.at(0)).toMatchObject({
      code: 'too_many_marks',
    })
    const deep = `${'{% if true %}'.repeat(51)}${'{% endif %}'.repeat(51)}`
    expect(checkPrompt({ content: textContent(deep), variables: [] }).problems).toMatchObject([
      { code: 'too_deep' },
    ])
  })

  it('charges includes that multiply', () => {
    const ten = '{% render "next" %}'.repeat(10)
    let tree = included('leaf', 'x'.repeat(1_000))
    for (const level of [1, 2, 3, 4])
      tree = included(`level-${level}`, ten, { includes: new Map([['next', tree]]) })
    const error = errorOf(() =>
      renderText('{% render "next" %}', {}, { includes: new Map([['next', tree]]) }),
    )
    expect(error.code).toBe('too_large')
  })
})
