import fc from 'fast-check'
import { expect, it } from 'vitest'
import { orderByNeed } from './order.ts'

const graph = fc.integer({ min: 1, max: 12 }).chain((size) =>
  fc.array(
    fc.uniqueArray(fc.nat(size - 1), { maxLength: 4 }).map((needs) => new Set(needs)),
    {
      minLength: size,
      maxLength: size,
    },
  ),
)

it('puts everything after what it needs, but for what stands in a circle', () => {
  fc.assert(
    fc.property(graph, (needs) => {
      const { order, circles } = orderByNeed(needs)
      expect(order.toSorted((a, b) => a - b)).toEqual(needs.map((_, index) => index))
      const places = new Map(order.map((index, place) => [index, place]))
      const free = needs.flatMap((set, index) =>
        circles.has(index) ? [] : [...set].filter((other) => other !== index).map((other) => [other, index]),
      )
      for (const [other = -1, index = -1] of free)
        expect(places.get(other)).toBeLessThan(places.get(index) ?? -1)
      for (const circle of circles.values())
        for (const [at, index] of circle.entries())
          expect(needs[index]?.has(circle[(at + 1) % circle.length] ?? -1)).toBe(true)
    }),
    { numRuns: 1000 },
  )
})

it('takes a chain of ten thousand, and ten thousand that need one', () => {
  const chain = Array.from({ length: 10_000 }, (_, index) => new Set(index === 0 ? [] : [index - 1]))
  expect(orderByNeed(chain).order.at(-1)).toBe(9999)
  const star = Array.from({ length: 10_000 }, (_, index) => new Set(index === 9999 ? [] : [9999]))
  expect(orderByNeed(star).order[0]).toBe(9999)
  const pairs = Array.from({ length: 10_000 }, (_, index) => new Set([index ^ 1]))
  expect(orderByNeed(pairs).circles.size).toBe(10_000)
})
