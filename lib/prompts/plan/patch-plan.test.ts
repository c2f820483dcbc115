import { describe, expect, it } from 'vitest'
import { isEmptyPlan, planPatch } from './patch-plan.ts'

const prompt = { name: 'one', category: 'data', tags: ['a', 'b'], archived: false }
const NOTHING = { addAliases: [], removeAliases: [] }

describe('planPatch', () => {
  it('is empty when nothing is said or nothing differs', () => {
    const same = { name: 'one', category: 'data', tags: ['b', 'a', 'a'], archived: false, aliases: ['x'] }
    for (const input of [{}, same]) {
      const plan = planPatch(prompt, ['x'], input)
      expect(plan).toEqual(NOTHING)
      expect(isEmptyPlan(plan)).toBe(true)
    }
  })

  it('holds what differs', () => {
    const plan = planPatch(prompt, [], { category: null, tags: ['c'], archived: true })
    expect(plan).toEqual({ ...NOTHING, category: null, tags: ['c'], archived: true })
    expect(isEmptyPlan(plan)).toBe(false)
  })

  it('turns the old name of a renamed prompt into an alias', () => {
    expect(planPatch(prompt, ['x'], { name: 'two' })).toEqual({
      name: 'two',
      addAliases: ['one'],
      removeAliases: [],
    })
  })

  it('keeps the old name even when aliases are said without it', () => {
    expect(planPatch(prompt, ['x'], { name: 'two', aliases: [] })).toEqual({
      name: 'two',
      addAliases: ['one'],
      removeAliases: ['x'],
    })
  })

  it('makes an alias the name, and the name an alias', () => {
    expect(planPatch(prompt, ['two'], { name: 'two' })).toEqual({
      name: 'two',
      addAliases: ['one'],
      removeAliases: ['two'],
    })
  })

  it('takes the aliases that are said as all there shall be, the name itself aside', () => {
    expect(planPatch(prompt, ['x', 'y'], { aliases: ['y', 'z', 'one', 'z'] })).toEqual({
      addAliases: ['z'],
      removeAliases: ['x'],
    })
  })
})
