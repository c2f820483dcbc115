import { describe, expect, test } from 'vitest'
import { ariaKeys, isChord, isCommand, type Pressed, shownKeys } from './keys.ts'

const pressed = (key: string, more: Partial<Pressed> = {}): Pressed => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
})

describe('shownKeys', () => {
  test('names the command key of the machine', () => {
    expect(shownKeys('mod+k', false)).toEqual([['Ctrl', 'K']])
    expect(shownKeys('mod+k', true)).toEqual([['⌘', 'K']])
    expect(shownKeys('mod+Enter', true)).toEqual([['⌘', '↵']])
  })

  test('keeps keys that are pressed one after another apart', () => {
    expect(shownKeys('g p', false)).toEqual([['G'], ['P']])
  })

  test('draws arrows and leaves signs as they are', () => {
    expect(shownKeys('ArrowDown', false)).toEqual([['↓']])
    expect(shownKeys('?', false)).toEqual([['?']])
    expect(shownKeys('mod++', false)).toEqual([['Ctrl', '+']])
  })
})

describe('isChord', () => {
  test('takes Ctrl and ⌘ alike, and neither where none is asked for', () => {
    expect(isChord('mod+k', pressed('k', { ctrlKey: true }))).toBe(true)
    expect(isChord('mod+k', pressed('k', { metaKey: true }))).toBe(true)
    expect(isChord('mod+k', pressed('k'))).toBe(false)
    expect(isChord('k', pressed('k', { ctrlKey: true }))).toBe(false)
  })

  test('does not ask how a sign is typed, but asks it of a letter', () => {
    expect(isChord('?', pressed('?', { shiftKey: true }))).toBe(true)
    expect(isChord('?', pressed('?'))).toBe(true)
    expect(isChord('mod+s', pressed('S', { ctrlKey: true, shiftKey: true }))).toBe(false)
    expect(isChord('mod+shift+s', pressed('S', { ctrlKey: true, shiftKey: true }))).toBe(true)
  })

  test('works with Caps Lock on', () => {
    expect(isChord('mod+k', pressed('K', { ctrlKey: true }))).toBe(true)
  })
})

test('what types nothing is a command', () => {
  expect(isCommand('mod+k')).toBe(true)
  expect(isCommand('alt+ArrowUp')).toBe(true)
  expect(isCommand('g p')).toBe(false)
  expect(isCommand('?')).toBe(false)
})

test('ariaKeys uses the names of the specification', () => {
  expect(ariaKeys('mod+k', false)).toBe('Control+k')
  expect(ariaKeys('mod+k', true)).toBe('Meta+k')
})
