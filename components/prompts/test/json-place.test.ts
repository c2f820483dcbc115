import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonProblem } from './json-place.ts'

const told = (text: string) => {
  const problem = jsonProblem(text)
  return problem && `${problem.line}:${problem.column} ${problem.expected}`
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

describe('jsonProblem', () => {
  it('finds nothing wrong with JSON', () => {
    expect(told(' {"a": [1, -2.5e3, true, null, "\\u00e9\\n"], "": {}} ')).toBeUndefined()
  })

  it('names the place and what was expected there', () => {
    expect(told('[1, 2\n 3]')).toBe('2:2 "," or "]"')
    expect(told('{"a": 1,\n}')).toBe('2:1 a name in double quotes')
    expect(told('{"a" 1}')).toBe('1:6 ":"')
    expect(told("['a']")).toBe('1:2 a value')
    expect(told('[1] x')).toBe('1:5 nothing more')
    expect(told('"a\nb"')).toBe('1:3 the closing quote')
    expect(told('"\\x"')).toBe('1:2 an escape such as \\n or \\"')
    expect(told('')).toBe('1:1 a value')
    expect(told('[01]')).toBe('1:3 "," or "]"')
  })

  it('stops at a place inside the text, whatever is broken', () => {
    fc.assert(
      fc.property(
        fc.json(),
        fc.nat(),
        fc.constantFrom(',', '"', '}', ']', '\\', 'x', ''),
        (json, at, piece) => {
          const cut = at % (json.length + 1)
          const text = json.slice(0, cut) + piece + json.slice(cut + 1)
          const { line, column, offset } = jsonProblem(text) ?? { line: 1, column: 1, offset: 0 }
          const before = text.slice(0, offset).split('\n')
          expect([line, column]).toEqual([before.length, (before.at(-1)?.length ?? 0) + 1])
          expect(offset).toBeLessThanOrEqual(text.length)
          expect(jsonProblem(text) === undefined).toBe(isJson(text))
        },
      ),
    )
  })
})
