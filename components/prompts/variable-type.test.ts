import { expect, it } from 'vitest'
import { typeLabel } from './variable-type.ts'

it('says in a few words what a value has to be', () => {
  expect(typeLabel({ name: 'x', type: 'string', required: true, min: 1 })).toBe('string')
  expect(typeLabel({ name: 'x', type: 'string', required: true, max: 1 })).toBe('string, up to 1 character')
  expect(typeLabel({ name: 'x', type: 'integer', required: true, min: 1, max: 12 })).toBe('integer, 1 to 12')
  expect(typeLabel({ name: 'x', type: 'array', required: true, min: 1 })).toBe('array, JSON, at least 1 item')
  expect(typeLabel({ name: 'x', type: 'enum', required: true, enum: ['a'] })).toBe('choice')
  expect(typeLabel({ name: 'x', type: 'string', required: true, pattern: '^a' })).toBe('string, like ^a')
})
