import fc from 'fast-check'
import nunjucks from 'nunjucks'
import { expect, it } from 'vitest'
import { expectSame, leftOutNames, Tally, worldValues } from '../../testing.ts'
import { templates } from './testing.ts'

const engine = new nunjucks.Environment(null, { autoescape: false })

it('renders what Nunjucks renders', () => {
  const tally = new Tally()
  fc.assert(
    fc.property(templates('nunjucks'), worldValues, leftOutNames, (made, values, leftOut) =>
      expectSame(made, 'nunjucks', values, leftOut, (text, given) => engine.renderString(text, given), tally),
    ),
    { seed: 105, numRuns: 1_500 },
  )
  expect(tally.same).toBeGreaterThan(1000)
})
