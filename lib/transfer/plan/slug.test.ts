import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isPromptName } from '../../liquid/name-rules.ts'
import { slugOf } from './slug.ts'

it.each([
  ['greeting', 'greeting'],
  ['Code Review', 'code-review'],
  ['Über/größe.v2', 'uber-grosse-v2'],
  ['my_prompt-1', 'my_prompt-1'],
  ['  __x__ ', 'x'],
  ['new', 'new-prompt'],
  ['Ørsted & Łódź', 'orsted-lodz'],
  ['ｆｕｌｌ　ｗｉｄｔｈ', 'full-width'],
  ['x'.repeat(100), 'x'.repeat(64)],
])('%s becomes %s', (text, slug) => expect(slugOf(text)).toBe(slug))

it('gives a name that can be one to any text, always the same', () => {
  expect(slugOf('翻訳')).toMatch(/^prompt-[0-9a-f]{8}$/)
  expect(slugOf('翻訳')).not.toBe(slugOf('要約'))
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const slug = slugOf(text)
      expect(isPromptName(slug)).toBe(true)
      expect(slugOf(slug)).toBe(slug)
    }),
  )
})
