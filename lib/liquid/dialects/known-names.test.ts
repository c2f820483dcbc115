import { expect, it } from 'vitest'
import { convert } from '../../transfer/convert/convert.ts'
import { FILTERS_ELSEWHERE, NEEDLESS_FILTERS } from './known-names.ts'

/* What an author is told of a filter, and what a conversion makes of it, are one thing. */

/** What the conversion of a text of Jinja puts behind its variable; undefined where it needs more to be said. */
function converted(filter: string): string | undefined {
  const found = convert(`{{ x | ${filter} }}`, 'jinja2', new Map(), {})
  return 'text' in found ? found.text.slice('{{ x'.length, -' }}'.length).replace(/^ \| /, '') : undefined
}

const convertible = [...FILTERS_ELSEWHERE].flatMap(([name, here]) => {
  const made = converted(name)
  // Without a value to fall back to, nothing is left of `default`.
  return made === undefined || here === 'default' ? [] : [{ name, here, made }]
})

it('finds filters that both know', () => expect(convertible.length).toBeGreaterThan(10))

it.each(convertible)('$name is $here in both', ({ here, made }) => {
  expect(made).toBe(here === 'size' ? '.size' : here)
})

it.each([...NEEDLESS_FILTERS].filter((name) => converted(name) !== undefined))(
  '%s is left out in both',
  (name) => expect(converted(name)).toBe(''),
)
