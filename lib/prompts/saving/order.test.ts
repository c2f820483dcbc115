import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Need, orderByNeed } from './order.ts'

const hard = (places: readonly number[]): Need[] => places.map((at) => ({ at, isSoft: false }))
const inOrder = (needs: readonly (readonly number[])[]) =>
  orderByNeed({
    needs: needs.map((each, index) => hard(each.filter((at) => at !== index))),
    groups: needs.map((_, index) => index),
    present: new Set(),
  })

const graph = fc
  .integer({ min: 1, max: 12 })
  .chain((size) =>
    fc.array(fc.uniqueArray(fc.nat(size - 1), { maxLength: 4 }), { minLength: size, maxLength: size }),
  )

describe('an order by need', () => {
  it('puts everything after what it needs, but for what stands in a circle', () => {
    fc.assert(
      fc.property(graph, (needs) => {
        const { order, circles } = inOrder(needs)
        expect(order.toSorted((a, b) => a - b)).toEqual(needs.map((_, index) => index))
        const places = new Map(order.map((index, place) => [index, place]))
        const free = needs.flatMap((set, index) =>
          circles.has(index) ? [] : set.filter((other) => other !== index).map((other) => [other, index]),
        )
        for (const [other = -1, index = -1] of free)
          expect(places.get(other)).toBeLessThan(places.get(index) ?? -1)
        for (const circle of circles.values())
          for (const [at, index] of circle.entries())
            expect(needs[index]).toContain(circle[(at + 1) % circle.length] ?? -1)
      }),
      { numRuns: 1000 },
    )
  })

  it('finds one for whatever was saved one after the other, whichever version each is said to need', () => {
    const saves = fc.array(
      fc.record({ group: fc.nat(4), needs: fc.uniqueArray(fc.nat(4), { maxLength: 3 }), pick: fc.nat() }),
      { minLength: 1, maxLength: 25 },
    )
    fc.assert(
      fc.property(saves, fc.infiniteStream(fc.nat()), (all, picks) => {
        const groups = all.map(({ group }) => group)
        const members = Map.groupBy(groups.keys(), (index) => groups[index] ?? -1)
        // When it was saved, one of each group that it needs was there; now it is said to need any of them.
        const needs = all.map((save, index) =>
          save.needs
            .filter((group) => groups.slice(0, index).includes(group))
            .flatMap((group) => {
              const others = (members.get(group) ?? []).filter((at) => at !== index)
              const at = others[(picks.next().value ?? 0) % others.length] ?? -1
              return others.length === 0 ? [] : [{ at, isSoft: true }]
            }),
        )
        const { order, circles } = orderByNeed({ needs, groups, present: new Set() })
        expect(circles.size).toBe(0)
        const places = new Map(order.map((index, place) => [index, place]))
        for (const [index, list] of needs.entries())
          for (const { at } of list) {
            const there = (members.get(groups[at] ?? -1) ?? []).map((each) => places.get(each) ?? Infinity)
            expect(Math.min(...there)).toBeLessThan(places.get(index) ?? -1)
          }
      }),
      { numRuns: 1000 },
    )
  })

  it('keeps a need that nothing can stand in for', () => {
    const needs = [[{ at: 1, isSoft: false }], [{ at: 0, isSoft: true }], []]
    const groups = [0, 1, 0]
    expect(orderByNeed({ needs, groups, present: new Set() }).order).toEqual([2, 1, 0])
    const both = [...hard([1]), { at: 1, isSoft: true }]
    expect(
      orderByNeed({ needs: [both, hard([0])], groups: [0, 1], present: new Set([0, 1]) }).circles.size,
    ).toBe(2)
  })

  it('takes a chain of ten thousand, ten thousand that need one, and ten thousand in pairs', () => {
    const chain = Array.from({ length: 10_000 }, (_, index) => (index === 0 ? [] : [index - 1]))
    expect(inOrder(chain).order.at(-1)).toBe(9999)
    const star = Array.from({ length: 10_000 }, (_, index) => (index === 9999 ? [] : [9999]))
    expect(inOrder(star).order[0]).toBe(9999)
    const pairs = Array.from({ length: 10_000 }, (_, index) => [index ^ 1])
    expect(inOrder(pairs).circles.size).toBe(10_000)
    const soft = pairs.map((each) => each.map((at) => ({ at, isSoft: true })))
    const groups = pairs.map((_, index) => index)
    expect(orderByNeed({ needs: soft, groups, present: new Set(groups) }).order).toHaveLength(10_000)
  })
})
