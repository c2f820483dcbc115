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
