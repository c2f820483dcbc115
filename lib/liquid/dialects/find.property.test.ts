import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { textContent } from '../../prompts/template/testing.ts'
import { checkPrompt } from '../../prompts/template.ts'
import { threadMs } from '../../testing/time/processor-time.ts'
import { findDialects } from './find.ts'

describe('for any text', () => {
  const marks = fc.constantFrom(
    '{',
    '}',
    '{{',
    '}}',
    '{%',
    '%}',
    '{#',
    '#}',
    '$',
    ' if ',
    'else',
    '|',
    '(',
    ')',
    '"',
    '~',
    'x',
    ' ',
    '\n',
    '```jinja\n',
    '---\n',
    'user:',
    '#each x',
    '/each',
    '!r',
    ':',
  )
  it('gives edits that lie in the text, in order, and at most one over each place', () => {
    fc.assert(
      fc.property(fc.array(marks, { maxLength: 40 }), (parts) => {
        const text = parts.join('')
        for (const { fix, places } of findDialects([text], { kind: 'text', declared: new Set(['x']) })[0] ??
          []) {
          for (const { start, end } of places)
            expect(0 <= start && start < end && end <= text.length).toBe(true)
          let at = 0
          for (const { from, to } of fix?.edits ?? []) {
            expect(at <= from && from <= to && to <= text.length).toBe(true)
            at = to
          }
        }
        checkPrompt({ content: textContent(text), variables: [] })
      }),
      { numRuns: 500 },
    )
  })

  it.each([
    '{',
    '{{',
    '{{{',
    '{#',
    '{# ',
    '${',
    '{a',
    '{a}',
    '{{"',
    '{{ x }}',
    '{{#if x}}',
    '{% if x %}',
    '{% raw %}',
    '{{ a ? b ',
    '<%= ',
    '%(a',
    '```jinja\n',
    '```\n',
    'user:\n',
    '---\na: b\n',
    '{"',
    '{{ x if ',
    ' '.repeat(50),
    '$(',
    '{{!',
    '{{role "user"}}',
  ])('takes time in step with its length: %j', (part) => {
    const text = part.repeat(Math.floor(200_000 / part.length))
    const context = { kind: 'text', declared: new Set<string>() } as const
    expect(threadMs(() => findDialects([text], context), 400)).toBeLessThan(400)
  })
})
