import { describe, expect, it } from 'vitest'
import { isAppError } from '../../errors.ts'
import { checkPrompt } from '../template.ts'
import { DEFAULT_LIMITS } from './budget.ts'
import { HOSTILE_TEXTS, HOSTILE_VALUES, HOSTILE_VARIABLES } from './hostile.ts'
import { errorOf, included, renderText, textContent, threadMs } from './testing.ts'

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
    const limits = {
      ...DEFAULT_LIMITS,
      work: Number.MAX_SAFE_INTEGER,
      output: Number.MAX_SAFE_INTEGER,
      timeMs: 0,
    }
    const error = errorOf(() =>
      renderText('{% for i in (1..9999) %}{{ i }}{{ i }}{% endfor %}', {}, { limits }),
    )
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
