import { describe, expect, it } from 'vitest'
import type { Variable } from '../../liquid/variable.ts'
import { errorOf } from '../template/testing.ts'
import { declareVariables, readVariables, toJsonSchema, VariablesInput } from './variables.ts'

function codesOf(input: Parameters<typeof declareVariables>[0]) {
  const error = errorOf(() => declareVariables(input))
  expect(error.code).toBe('unprocessable')
  return error.details.map((detail) => `${detail.path.join('.')} ${detail.code}`)
}

describe('declareVariables', () => {
  it('takes bare names as required strings', () => {
    expect(declareVariables(['a', 'b'])).toEqual([
      { name: 'a', type: 'string', required: true },
      { name: 'b', type: 'string', required: true },
    ])
  })

  it('fills in what is left out', () => {
    expect(
      declareVariables([
        { name: 'tone', enum: ['warm', 'dry'], default: 'warm' },
        { name: 'count', type: 'integer', default: '3', min: 1, max: 9 },
        { name: 'note', required: false, default: null },
      ]),
    ).toEqual([
      { name: 'tone', type: 'enum', enum: ['warm', 'dry'], required: false, default: 'warm' },
      { name: 'count', type: 'integer', required: false, default: 3, min: 1, max: 9 },
      { name: 'note', type: 'string', required: false },
    ])
  })

  it('names every declaration that contradicts itself', () => {
    expect(
      codesOf([
        'a',
        'a',
        { name: 'e', type: 'enum' },
        { name: 'f', type: 'number', enum: ['1'] },
        { name: 'g', enum: ['x', 'x'] },
        { name: 'h', pattern: '(' },
        { name: 'i', type: 'number', pattern: 'a' },
        { name: 'j', type: 'boolean', min: 1 },
        { name: 'k', min: -1 },
        { name: 'l', type: 'number', min: 3, max: 2 },
        { name: 'm', type: 'integer', default: 'many' },
        { name: 'n', max: 2, example: 'long' },
      ]),
    ).toEqual([
      'variables.1.name duplicate_variable',
      'variables.2.enum missing_choices',
      'variables.3.enum not_applicable',
      'variables.4.enum duplicate_choice',
      'variables.5.pattern invalid_pattern',
      'variables.6.pattern invalid_pattern',
      'variables.7.min not_applicable',
      'variables.8.min invalid_bound',
      'variables.9.max invalid_bound',
      'variables.10.default invalid_default',
      'variables.11.example invalid_example',
    ])
  })

  it('case 4: refuses names that reach into objects', () => {
    for (const name of ['__proto__', 'constructor', 'prototype']) {
      expect(VariablesInput.safeParse([name]).success).toBe(false)
      expect(VariablesInput.safeParse([{ name }]).success).toBe(false)
    }
  })

  it('comes back from its stored form unchanged', () => {
    const variables = declareVariables([
      'a',
      { name: 'o', type: 'object', default: { k: [1] }, description: 'd' },
    ])
    expect(readVariables(JSON.parse(JSON.stringify(variables)))).toEqual(variables)
  })
})

describe('toJsonSchema', () => {
  it('tells a caller what is needed', () => {
    const variables: Variable[] = [
      { name: 'a', type: 'string', required: true, description: 'The a', min: 1, max: 5, pattern: '^x' },
      { name: 'b', type: 'integer', required: false, default: 3, min: 0 },
      { name: 'c', type: 'enum', required: true, enum: ['x', 'y'], example: 'x' },
      { name: 'd', type: 'array', required: false, max: 4 },
      { name: 'e', type: 'string', required: false, pattern: '(?i)only in RE2' },
    ]
    expect(toJsonSchema(variables)).toEqual({
      type: 'object',
      properties: {
        a: { type: 'string', description: 'The a', minLength: 1, maxLength: 5, pattern: '^x' },
        b: { type: 'integer', default: 3, minimum: 0 },
        c: { type: 'string', enum: ['x', 'y'], examples: ['x'] },
        d: { type: 'array', items: {}, maxItems: 4 },
        e: { type: 'string', description: 'Matches (?i)only in RE2 (RE2)' },
      },
      required: ['a', 'c'],
      additionalProperties: false,
    })
  })
})
