import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { throttle } from './pacing.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('acts at once, then once in a time, and never loses the last call', () => {
  const acts: string[] = []
  const { call } = throttle((key) => acts.push(key), 250)
  for (let n = 0; n < 100; n++) call('a')
  expect(acts).toEqual(['a'])
  vi.advanceTimersByTime(249)
  call('a')
  expect(acts).toEqual(['a'])
  vi.advanceTimersByTime(1)
  expect(acts).toEqual(['a', 'a'])
  vi.advanceTimersByTime(10_000)
  expect(acts).toEqual(['a', 'a'])
  call('a')
  expect(acts).toEqual(['a', 'a', 'a'])
})

it('keeps each key to its own time', () => {
  const acts: string[] = []
  const { call } = throttle((key) => acts.push(key), 250)
  for (const key of ['a', 'b', 'a', 'b']) call(key)
  expect(acts).toEqual(['a', 'b'])
  vi.advanceTimersByTime(250)
  expect(acts).toEqual(['a', 'b', 'a', 'b'])
})

it('does what waits when it ends, and nothing after', () => {
  const acts: string[] = []
  const { call, end } = throttle((key) => acts.push(key), 250)
  for (const key of ['a', 'b', 'a']) call(key)
  end()
  expect(acts).toEqual(['a', 'b', 'a'])
  call('a')
  vi.advanceTimersByTime(1_000)
  expect(acts).toEqual(['a', 'b', 'a'])
})
