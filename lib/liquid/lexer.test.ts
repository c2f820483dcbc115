import { describe, expect, it } from 'vitest'
import { Marks, stringContent, tokensOf } from './lexer.ts'

const kinds = (text: string) =>
  tokensOf(text, 0, text.length).map(({ kind, start, end }) => `${kind} ${text.slice(start, end)}`)

describe('tokensOf', () => {
  it('tells words, numbers, texts, ranges, operators and punctuation apart', () => {
    expect(kinds('a.b-c? | f: -1.5, "x", (1..n) >= nil')).toEqual([
      'word a',
      'punctuation .',
      'word b-c?',
      'punctuation |',
      'word f',
      'punctuation :',
      'number -1.5',
      'punctuation ,',
      'string "x"',
      'punctuation ,',
      'punctuation (',
      'number 1',
      'range ..',
      'word n',
      'punctuation )',
      'operator >=',
      'word nil',
    ])
  })

  it('takes for a word what only begins like a number, and what is named by digits', () => {
    expect(kinds('3rd 1-2')).toEqual(['word 3rd', 'word 1-2'])
    expect(kinds('a.1.5')).toEqual(['word a', 'punctuation .', 'word 1', 'punctuation .', 'word 5'])
    expect(kinds('1.2.3')).toEqual(['word 1', 'punctuation .', 'word 2', 'punctuation .', 'word 3'])
    expect(kinds('1.')).toEqual(['number 1.'])
  })

  it('reads letters of every language, and blanks of every kind', () => {
    expect(kinds('größe\u00a0\u3000名前')).toEqual(['word größe', 'word 名前'])
    expect(kinds('“a”')).toEqual(['punctuation “', 'word a', 'punctuation ”'])
  })

  it('never fails: an open quote goes on to the end, and what means nothing is punctuation', () => {
    expect(kinds('"a\\" b')).toEqual(['string "a\\" b'])
    expect(kinds('= ! & {}')).toEqual([
      'punctuation =',
      'punctuation !',
      'punctuation &',
      'punctuation {',
      'punctuation }',
    ])
  })

  it('stays within its part of the text', () => {
    expect(tokensOf('{{ ab"c }}"', 3, 5)).toEqual([{ kind: 'word', start: 3, end: 5 }])
    expect(tokensOf('{{ "a }}"', 3, 5)).toEqual([{ kind: 'string', start: 3, end: 5 }])
  })
})

it('reads escapes as every Liquid does', () => {
  const text = String.raw`"a\n\"\\\u00e9\u41\101\q"`
  expect(stringContent(text, { kind: 'string', start: 0, end: text.length })).toBe('a\n"\\éAAq')
})

describe('Marks', () => {
  it('closes an output behind its quotes, and a tag at the first braces', () => {
    const text = 'a {{- x | append: "}}" -}} {% if "%}" %}'
    const marks = new Marks(text)
    expect(marks.next(0)).toEqual({ kind: 'output', start: 2, end: 26, from: 5, to: 23 })
    expect(marks.next(26)).toEqual({ kind: 'tag', start: 27, end: 36, from: 29, to: 34 })
    expect(marks.next(36)).toBeUndefined()
  })

  it('says what is not closed, or forgives it', () => {
    expect(new Marks('{{ "a }} b').next(0)?.end).toBe(-1)
    expect(new Marks('{{ "a }} b', true).next(0)?.end).toBe(8)
    expect(new Marks('{% a').next(0)?.end).toBe(-1)
    expect(new Marks('{% a', true).next(0)).toBeUndefined()
  })
})
