import { describe, expect, it } from 'vitest'
import { appError } from '../errors.ts'
import { explain } from './errors.ts'

describe('explain', () => {
  it('names each fault with its place and hint', () => {
    const error = appError('unprocessable', 'The variables do not fit.', {
      details: [
        { path: ['variables', 'who'], code: 'missing', message: 'is required', hint: 'give a name' },
        { path: [], code: 'other', message: 'and more' },
      ],
    })
    expect(explain(error)).toBe(
      'The variables do not fit.\n- variables.who: is required (give a name)\n- and more',
    )
  })

  it('does not say the same twice', () => {
    const error = appError('invalid_input', 'name: is too long', {
      details: [{ path: ['name'], code: 'too_big', message: 'is too long' }],
    })
    expect(explain(error)).toBe('name: is too long')
  })

  it('says what to do next', () => {
    expect(explain(appError('not_found', 'There is none.'))).toContain('search_prompts')
    expect(explain(appError('not_found', 'No label.', { extra: { labels: ['a'] } }))).toContain('label')
    expect(explain(appError('precondition_failed', 'Changed.'))).toContain('get_prompt')
    for (const code of ['unavailable', 'overloaded', 'storage_full', 'read_only', 'lock_timeout'] as const)
      expect(explain(appError(code, 'Not now.', { retryAfter: 2 }))).toContain('in 2 seconds')
  })

  it('is bounded', () => {
    expect(explain(appError('conflict', 'x'.repeat(10_000))).length).toBeLessThanOrEqual(4000)
  })
})
