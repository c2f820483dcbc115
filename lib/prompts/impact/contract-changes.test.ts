import { describe, expect, it } from 'vitest'
import type { Variable } from '../../liquid/variable.ts'
import { coerceValues, variableTable } from '../variables/variable-values.ts'
import { breaksCaller, contractChanges } from './contract-changes.ts'

const variable = (more: Partial<Variable> = {}): Variable => ({
  name: 'v',
  type: 'string',
  required: false,
  ...more,
})

const kinds = (from: Variable[], to: Variable[]) =>
  contractChanges(from, to).map(({ variable: name, change }) => `${name} ${change}`)

describe('what callers notice of a newer version', () => {
  it('is a variable that must be given, or may not be given any more', () => {
    expect(kinds([], [variable({ required: true })])).toEqual(['v added_required'])
    expect(kinds([variable()], [variable({ required: true })])).toEqual(['v required'])
    expect(kinds([variable()], [])).toEqual(['v removed'])
  })

  it('is not an optional variable, a default, a description, or one that may be left out now', () => {
    expect(kinds([], [variable()])).toEqual([])
    expect(kinds([variable()], [variable({ default: 'x', description: 'y', example: 'z' })])).toEqual([])
    expect(kinds([variable({ required: true })], [variable()])).toEqual([])
  })

  it('is both, a value that is required now and takes less', () => {
    expect(kinds([variable()], [variable({ type: 'integer', required: true })])).toEqual([
      'v required',
      'v narrowed',
    ])
  })

  it.each<[Partial<Variable>, Partial<Variable>, string]>([
    [{}, { type: 'integer' }, 'it was a string and is an integer'],
    [{ type: 'number' }, { type: 'integer' }, 'it was a number and is an integer'],
    [{ type: 'array' }, { type: 'string' }, 'it was an array and is a string'],
    [{}, { type: 'messages' }, 'it was a string and is a list of messages'],
    [{}, { enum: ['a'] }, 'it has a list of choices now'],
    [{ enum: ['a', 'b'] }, { type: 'enum', enum: ['a'] }, 'without "b"'],
    [{ type: 'boolean' }, { type: 'enum', enum: ['true'] }, 'without "false"'],
    [{}, { pattern: '^x' }, 'it must match ^x now'],
    [{ pattern: '^y' }, { pattern: '^x' }, 'it must match ^x now'],
    [{ enum: ['xa', 'b'] }, { pattern: '^x' }, 'it must match ^x now'],
    [{}, { max: 5 }, 'it must be at most 5 now'],
    [{ max: 6 }, { max: 5 }, 'it must be at most 5 now'],
    [{ type: 'number', min: 0 }, { type: 'number', min: 1 }, 'it must be at least 1 now'],
    [{ type: 'integer', max: 3 }, { type: 'string', max: 3 }, 'it must be at most 3 now'],
  ])('names what is narrower: %j to %j', (from, to, reason) => {
    expect(contractChanges([variable(from)], [variable(to)])).toEqual([
      { variable: 'v', change: 'narrowed', message: `\`v\` takes less: ${reason}` },
    ])
  })

  it.each<[Partial<Variable>, Partial<Variable>]>([
    [{ type: 'integer' }, { type: 'number' }],
    [{ type: 'integer' }, { type: 'string' }],
    [{ type: 'boolean' }, { type: 'enum', enum: ['true', 'false', 'maybe'] }],
    [{ type: 'enum', enum: ['a'] }, { enum: ['b', 'a'] }],
    [{ type: 'enum', enum: ['a'] }, {}],
    [{ enum: ['xa', 'xb'] }, { pattern: '^x' }],
    [{ enum: ['abc'] }, { max: 3 }],
    [{ pattern: '^x' }, { pattern: '^x' }],
    [
      { min: 3, max: 5 },
      { min: 2, max: 6 },
    ],
    [
      { type: 'messages', max: 2 },
      { type: 'messages', max: 2 },
    ],
  ])('leaves out what is as wide or wider: %j to %j', (from, to) => {
    expect(contractChanges([variable(from)], [variable(to)])).toEqual([])
  })

  it('cuts long lists and long choices', () => {
    const choices = Array.from({ length: 8 }, (_, at) => `${at}`.repeat(60))
    const [change] = contractChanges([variable({ enum: ['k', ...choices] })], [variable({ enum: ['k'] })])
    expect(change?.message).toContain('…"')
    expect(change?.message.length).toBeLessThan(400)
    expect(change?.message).toMatch(/and 3 more$/)
  })
})

/** Small contracts and values that meet their bounds, so that every pair can be tried. */
const SHAPES: Partial<Variable>[] = [
  {},
  { type: 'number' },
  { type: 'integer' },
  { type: 'integer', min: 2 },
  { type: 'boolean' },
  { type: 'enum', enum: ['true', '12'] },
  { enum: ['true', 'false'] },
  { type: 'array' },
  { type: 'object' },
  { type: 'messages' },
  { pattern: '^1' },
  { max: 2 },
  { min: 3 },
  { type: 'array', max: 1 },
]
const VALUES: unknown[] = [
  '',
  'true',
  'false',
  '12',
  '1.5',
  '7',
  12,
  1.5,
  1,
  true,
  [1, 2],
  ['a'],
  { a: 1 },
  'x y',
]

const takes = (shape: Partial<Variable>, given: Record<string, unknown>) => {
  try {
    coerceValues(variableTable([variable(shape)]), given)
    return true
  } catch {
    return false
  }
}

it('never keeps silent about a value that the newer version refuses', () => {
  let broken = 0
  const silent: unknown[] = []
  for (const from of SHAPES)
    for (const to of SHAPES.flatMap((shape) => [shape, { ...shape, required: true }]))
      for (const given of [{}, ...VALUES.map((v) => ({ v }))]) {
        if (!takes(from, given) || takes(to, given)) continue
        broken += 1
        const changes = contractChanges([variable(from)], [variable(to)])
        const names = new Set(Object.keys(given))
        if (!changes.some((change) => breaksCaller(change, names))) silent.push({ from, to, given })
      }
  expect(silent).toEqual([])
  expect(broken).toBeGreaterThan(300)
})
