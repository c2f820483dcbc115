import fc from 'fast-check'
import { expect, it } from 'vitest'
import { CategorySlug } from '#lib/categories/schema.ts'
import { slugOf } from './slug.ts'

it('makes a slug of a name', () => {
  expect(slugOf('Code review!')).toBe('code-review')
  expect(slugOf('  Überprüfung & Test ')).toBe('uberprufung-test')
  expect(slugOf('数据')).toBe('')
})

it('makes what the API takes, or nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (name) => {
      const slug = slugOf(name)
      expect(['', 'none', 'order'].includes(slug) || CategorySlug.safeParse(slug).success).toBe(true)
    }),
  )
})
