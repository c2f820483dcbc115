import { expect, it } from 'vitest'
import { FairQueue } from './fair-queue.ts'

function drained(queue: FairQueue<string>): string[] {
  const taken: string[] = []
  for (let work = queue.take(); work !== undefined; work = queue.take()) taken.push(work)
  return taken
}

it('callers take turns, each in the order of their own work', () => {
  const queue = new FairQueue<string>({ all: 10, perCaller: 10 })
  for (const work of ['a1', 'a2', 'a3', 'b1', 'c1', 'c2']) queue.add(work.charAt(0), work)
  expect(queue.take()).toBe('a1')
  queue.add('d', 'd1')
  expect(drained(queue)).toEqual(['b1', 'c1', 'a2', 'd1', 'c2', 'a3'])
  expect(queue.take()).toBeUndefined()
})

it('one caller has so many places and no more', () => {
  const queue = new FairQueue<string>({ all: 10, perCaller: 2 })
  queue.add('a', 'a1')
  queue.add('a', 'a2')
  expect(queue.add('a', 'a3')).toEqual({ work: 'a3', limit: 'perCaller' })
  expect(queue.add('b', 'b1')).toBeUndefined()
  expect(drained(queue)).toEqual(['a1', 'b1', 'a2'])
})

it('a full queue makes room for somebody who has less in it', () => {
  const queue = new FairQueue<string>({ all: 4, perCaller: 4 })
  for (const work of ['a1', 'a2', 'a3', 'a4']) queue.add('a', work)
  expect(queue.add('b', 'b1')).toEqual({ work: 'a4', limit: 'all' })
  expect(queue.add('b', 'b2')).toEqual({ work: 'a3', limit: 'all' })
  expect(queue.add('b', 'b3')).toEqual({ work: 'b3', limit: 'all' })
  expect(queue.add('a', 'a5')).toEqual({ work: 'a5', limit: 'all' })
  expect(drained(queue)).toEqual(['a1', 'b1', 'a2', 'b2'])
})

it('workspaces take turns, however many callers one has', () => {
  const queue = new FairQueue<string>({ all: 10, perCaller: 10 })
  for (const caller of ['v 1', 'v 2', 'v 3', 'w 1']) queue.add(caller, caller)
  expect(drained(queue)).toEqual(['v 1', 'w 1', 'v 2', 'v 3'])
})

it('many callers of one workspace do not take the places of another', () => {
  const queue = new FairQueue<string>({ all: 4, perCaller: 4 })
  for (const caller of ['v 1', 'v 2', 'v 3', 'v 4']) queue.add(caller, caller)
  expect(queue.add('w 1', 'w 1')).toEqual({ work: 'v 1', limit: 'all' })
  expect(queue.add('w 2', 'w 2')).toEqual({ work: 'v 2', limit: 'all' })
  expect(queue.add('w 3', 'w 3')).toEqual({ work: 'w 3', limit: 'all' })
  expect(queue.add('v 5', 'v 5')).toEqual({ work: 'v 5', limit: 'all' })
  expect(drained(queue)).toEqual(['v 3', 'w 1', 'v 4', 'w 2'])
})
