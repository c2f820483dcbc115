import fc from 'fast-check'
import mustache from 'mustache'
import { expect, it } from 'vitest'
import { expectSame, leftOutNames, Tally, worldValues } from '../testing.ts'
import { mustacheTemplates } from './testing.ts'

it('renders what Mustache renders', () => {
  const tally = new Tally()
  const render = (text: string, values: object) => mustache.render(text, values, {}, { escape: String })
  fc.assert(
    fc.property(mustacheTemplates, worldValues, leftOutNames, (made, values, leftOut) =>
      expectSame(made, 'mustache', values, leftOut, render, tally),
    ),
    { seed: 105, numRuns: 1500 },
  )
  expect(tally.same).toBeGreaterThan(1000)
})
