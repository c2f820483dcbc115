import { expect, it } from 'vitest'
import { RevisionFloors } from './revision-floors.ts'

it('refuses what was read before the floor of its own workspace, and of no other', () => {
  const floors = new RevisionFloors()
  floors.raise('a', 1000)
  expect(floors.watch('a')(999)).toBe(false)
  expect(floors.watch('a')(1000)).toBe(true)
  expect(floors.watch('b')(1)).toBe(true)
})

it('never lowers a floor when a smaller revision is told later', () => {
  const floors = new RevisionFloors()
  floors.raise('a', 1000)
  floors.raise('a', 50)
  expect(floors.watch('a')(999)).toBe(false)
})

it('refuses a reading that began before a restart, and begins at zero after it', () => {
  const floors = new RevisionFloors()
  floors.raise('a', 1000)
  const before = floors.watch('a')
  floors.restart('a')
  expect(before(5000)).toBe(false)
  expect(floors.watch('a')(1)).toBe(true)
})
