import { expect, it } from 'vitest'
import { countWords } from './text-facts.tsx'

it('counts words as people do', () => {
  expect(countWords('')).toBe(0)
  expect(countWords("It's a well-known fact: 3.5 – no, 42.")).toBe(8)
  expect(countWords('今日は good')).toBe(4)
})
