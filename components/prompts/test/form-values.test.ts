import { describe, expect, it } from 'vitest'
import type { Variable } from '#lib/liquid/variable.ts'
import { formOf, givenValues, jsonPlace, sameValues, typedValues, withExamples } from './form-values.ts'

const variables: Variable[] = [
  { name: 'topic', type: 'string', required: true, example: 'cats' },
  { name: 'count', type: 'integer', required: false },
  { name: 'flag', type: 'boolean', required: false },
  { name: 'items', type: 'array', required: false, example: [{ a: 1 }] },
]

describe('the values of the form', () => {
  it('leave out what is empty and what is no variable', () => {
    expect(givenValues(variables, { topic: 'x', count: '', gone: 'y' })).toEqual({ topic: 'x' })
  })

  it('become JSON of their types; what does not read as its type stays text', () => {
    expect(typedValues(variables, { topic: '1', count: '3', flag: 'true', items: '[1]' })).toEqual({
      topic: '1',
      count: 3,
      flag: true,
      items: [1],
    })
    expect(typedValues(variables, { count: '12345678901234567890', items: '{' })).toEqual({
      count: '12345678901234567890',
      items: '{',
    })
  })

  it('take examples where nothing was typed', () => {
    expect(withExamples(variables, { topic: 'dogs' })).toEqual({
      topic: 'dogs',
      items: '[\n  {\n    "a": 1\n  }\n]',
    })
  })

  it('come from a saved example as the fields show them', () => {
    expect(formOf({ topic: 'cats', count: 3, flag: false, items: [1], gone: null })).toEqual({
      topic: 'cats',
      count: '3',
      flag: 'false',
      items: '[\n  1\n]',
    })
  })

  it('are the same when they mean the same', () => {
    expect(sameValues(variables, { items: '[1, 2]', gone: 'x' }, { items: '[1,2]', count: '' })).toBe(true)
    expect(sameValues(variables, { topic: 'a' }, { topic: 'b' })).toBe(false)
  })

  it('tell the place at which a field for JSON is none', () => {
    const [topic, , , items] = variables as [Variable, Variable, Variable, Variable]
    expect(jsonPlace(items, '[1,\n2 3]')).toBe('line 2, column 3: "," or "]" is expected')
    expect(jsonPlace(items, '')).toBeUndefined()
    expect(jsonPlace(topic, '[')).toBeUndefined()
  })
})
