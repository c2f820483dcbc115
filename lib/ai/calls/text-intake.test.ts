import { expect, it } from 'vitest'
import { takeText } from './text-intake.ts'

function taken(most: number, ...pieces: string[]): { parts: string[]; isFull: boolean } {
  const intake = takeText(most)
  const parts = [...pieces.map((piece) => intake.accept(piece)), intake.end()]
  expect(intake.length).toBe(parts.join('').length)
  return { parts, isFull: intake.isFull }
}

it('hands on what comes', () => {
  expect(taken(100, 'Hello', ' world')).toEqual({ parts: ['Hello', ' world', ''], isFull: false })
})

it('puts a pair together that came in two pieces', () => {
  expect(taken(100, 'a\uD83D', '\uDE00b').parts).toEqual(['a', '😀b', ''])
})

it('mends what a database would refuse', () => {
  expect(taken(100, 'a\0b', '\uDE00', 'c\uD83D').parts).toEqual(['a\uFFFDb', '\uFFFD', 'c', '\uFFFD'])
})

it('cuts at the longest text, never within a pair', () => {
  expect(taken(4, 'abc', 'def')).toEqual({ parts: ['abc', 'd', ''], isFull: true })
  expect(taken(4, 'abc😀', 'd')).toEqual({ parts: ['abc', '', ''], isFull: true })
  expect(taken(3, 'abc')).toEqual({ parts: ['abc', ''], isFull: false })
})
