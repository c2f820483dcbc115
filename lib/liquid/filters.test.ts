import { describe, expect, it } from 'vitest'
import { errorOf, renderText } from '../prompts/template/testing.ts'
import { FILTER_NAMES } from './filters.ts'

const people = [
  { name: 'Bo', age: 30, team: 'x' },
  { name: 'al', age: 25 },
  { name: 'Cy', age: 30, team: 'y' },
]

const CASES: [string, string][] = [
  ['"a" | append: "b"', 'ab'],
  ['"a" | prepend: "b"', 'ba'],
  ['" a " | strip', 'a'],
  ['" a " | lstrip | append: "|"', 'a |'],
  ['" a " | rstrip', ' a'],
  ['lines | strip_newlines', 'abc'],
  ['"  a   b  " | squish', 'a b'],
  ['"aB" | upcase', 'AB'],
  ['"aB" | downcase', 'ab'],
  ['"aBC d" | capitalize', 'Abc d'],
  ['"<a & \'b\'>" | escape', '&lt;a &amp; &#39;b&#39;&gt;'],
  ['"a b&ü" | url_encode', 'a+b%26%C3%BC'],
  ['"a+b%26" | url_decode', 'a b&'],
  ['"a,b,,c,," | split: "," | json', '["a","b","","c"]'],
  ['" a  b " | split: " " | json', '["a","b"]'],
  ['"añ😀" | split: "" | json', '["a","ñ","😀"]'],
  ['"hello world" | truncate: 8', 'hello...'],
  ['"hello" | truncate: 5', 'hello'],
  ['"hello" | truncate: 4, ""', 'hell'],
  ['"one two three" | truncatewords: 2', 'one two...'],
  ['"one two" | truncatewords: 2', 'one two'],
  ['"ababa" | remove: "b"', 'aaa'],
  ['"ababa" | remove_first: "b"', 'aaba'],
  ['"ababa" | remove_last: "b"', 'abaa'],
  ['"a.b.c" | replace: ".", "-"', 'a-b-c'],
  ['"a.b.c" | replace_first: ".", "$&"', 'a$&b.c'],
  ['"a.b.c" | replace_last: ".", "-"', 'a.b-c'],
  ['people | map: "name" | join: ", "', 'Bo, al, Cy'],
  ['people | map: "name" | array_to_sentence_string', 'Bo, al, and Cy'],
  ['people | sort: "age" | map: "name" | join', 'al Bo Cy'],
  ['people | map: "name" | sort | join', 'Bo Cy al'],
  ['people | sort_natural: "name" | map: "name" | join', 'al Bo Cy'],
  ['people | where: "team" | size', '2'],
  ['people | where: "age", 30 | map: "name" | join', 'Bo Cy'],
  ['people | reject: "team" | map: "name" | join', 'al'],
  ['people | find: "age", 25 | json', '{"name":"al","age":25}'],
  ['people | find_index: "name", "Cy"', '2'],
  ['people | has: "name", "Zo"', 'false'],
  ['people | sum: "age"', '85'],
  ['people | map: "team" | compact | json', '["x","y"]'],
  ['people | map: "age" | uniq | json', '[30,25]'],
  ['numbers | concat: numbers | size', '6'],
  ['numbers | reverse | json', '[10,2,3]'],
  ['numbers | sort | json', '[2,3,10]'],
  ['numbers | first', '3'],
  ['numbers | last', '10'],
  ['numbers | slice: 1, 2 | json', '[2,10]'],
  ['"hello" | slice: -3, 2', 'll'],
  ['"hello" | size', '5'],
  ['-3 | abs', '3'],
  ['2.4 | ceil', '3'],
  ['2.6 | floor', '2'],
  ['1.005 | round: 2', '1.01'],
  ['-2.5 | round', '-3'],
  ['"5" | plus: 2', '7'],
  ['5 | minus: 7', '-2'],
  ['5 | times: "3"', '15'],
  ['7 | divided_by: 2', '3.5'],
  ['-7 | modulo: 3', '2'],
  ['5 | at_least: 7', '7'],
  ['5 | at_most: 3', '3'],
  ['"3.9" | to_integer', '3'],
  ['"" | default: "d"', 'd'],
  ['false | default: true, allow_false: true', 'false'],
  ['people[1] | json', '{"name":"al","age":25}'],
  ['numbers | append: "!"', '[3,2,10]!'],
]

describe('filters', () => {
  it.each(CASES)('{{ %s }} is %j', (expression, expected) => {
    const values = { people, numbers: [3, 2, 10], lines: 'a\nb\r\nc' }
    const variables = [
      { name: 'people', type: 'array', required: false },
      { name: 'numbers', type: 'array', required: false },
      { name: 'lines', type: 'string', required: false },
    ] as const
    expect(renderText(`{{ ${expression} }}`, values, { variables: [...variables] })).toBe(expected)
  })

  it('are all covered here', () => {
    const used = new Set(
      CASES.flatMap(([expression]) => expression.split('|').map((part) => part.trim().split(/[: ]/)[0])),
    )
    expect(FILTER_NAMES.filter((name) => !used.has(name))).toEqual([])
  })

  it.each(['1 | divided_by: 0', '1 | modulo: 0', '"%zz" | url_decode', '"%00" | url_decode'])(
    '{{ %s }} is an error',
    (expression) => {
      const error = errorOf(() => renderText(`{{ ${expression} }}`))
      expect([error.code, error.details[0]?.code]).toEqual(['unprocessable', 'filter_input'])
    },
  )
})
