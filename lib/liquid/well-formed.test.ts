import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isAppError } from '../errors.ts'
import { renderText } from '../prompts/template/testing.ts'
import { FILTER_NAMES, findFilter } from './filters.ts'
import { textProblem } from './text.ts'
import type { Variable } from './variable.ts'

/** Texts full of pairs, marks and controls, each of them well-formed. */
const text = fc
  .array(
    fc.constantFrom(
      'a',
      ' ',
      '😀',
      '👩‍👧',
      'e\u0301',
      '\u202E',
      '\uFFFF',
      '%F0%9F',
      '%ED%A0%80',
      'ß',
      '𐐨',
      '\n',
    ),
    {
      maxLength: 12,
    },
  )
  .map((parts) => parts.join(''))
const argument = fc.oneof(
  text.map((each) => `"${each}"`),
  fc.integer({ min: -5, max: 12 }).map(String),
  fc.constantFrom('a', 'l', 'nil', '1.5', '"\\ud83d"', '"\\u0000"'),
)
const filter = fc.constantFrom(...FILTER_NAMES).chain((name) => {
  const [minLength, maxLength] = findFilter(name)?.args ?? [0, 0]
  return fc
    .array(argument, { minLength, maxLength })
    .map((args) => `| ${name}${args.length === 0 ? '' : `: ${args.join(', ')}`}`)
})
const template = fc
  .tuple(
    fc.constantFrom('a', 'l', 'l[1]', 'a[0]', 'a.first'),
    fc.array(filter, { minLength: 1, maxLength: 3 }),
  )
  .map(([root, filters]) => `{{ ${root} ${filters.join(' ')} }}`)

const VARIABLES: Variable[] = [
  { name: 'a', type: 'string', required: true },
  { name: 'l', type: 'array', required: true },
]

it('whatever filters make of well-formed texts is well-formed, or an error that says so', () => {
  let rendered = 0
  const problemOf = (source: string, a: string, l: string[]) => {
    try {
      const result = renderText(source, { a, l }, { variables: VARIABLES })
      rendered += 1
      return textProblem(result)
    } catch (error) {
      if (isAppError(error) && error.code !== 'internal') return undefined
      throw error
    }
  }
  fc.assert(
    fc.property(template, text, fc.array(text, { maxLength: 4 }), (source, a, l) => {
      expect(problemOf(source, a, l)).toBeUndefined()
    }),
    { numRuns: 3000 },
  )
  expect(rendered).toBeGreaterThan(300)
})
