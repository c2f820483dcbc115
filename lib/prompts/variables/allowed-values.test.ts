import { describe, expect, it } from 'vitest'
import type { Variable } from '../../liquid/variable.ts'
import { allowedValues, argumentDescription, choiceList } from './allowed-values.ts'
import { coerceValues, variableTable } from './variable-values.ts'

const variable = (more: Partial<Variable>): Variable => ({
  name: 'v',
  type: 'string',
  required: true,
  ...more,
})

describe('what a variable takes, in words', () => {
  it.each<[Partial<Variable>, string]>([
    [{}, ''],
    [{ type: 'enum', enum: ['de', 'en'] }, 'One of: de, en'],
    [{ enum: ['de', 'en'] }, 'One of: de, en'],
    [{ type: 'boolean' }, 'true or false'],
    [{ type: 'number', min: 0 }, 'A number, at least 0'],
    [{ type: 'integer', min: 1, max: 5 }, 'A whole number, 1 to 5'],
    [{ type: 'array' }, 'One per line, or a JSON array'],
    [{ type: 'array', max: 8 }, 'One per line, or a JSON array, at most 8 items'],
    [{ type: 'object' }, 'A JSON object'],
    [{ min: 3 }, 'at least 3 characters'],
    [{ pattern: '^[a-z]+$' }, 'Matches ^[a-z]+$'],
  ])('%j', (more, words) => {
    expect(allowedValues(variable(more))).toBe(words)
  })

  it('is added to what the author says, with the default', () => {
    expect(
      argumentDescription(variable({ description: 'The tone', enum: ['kind', 'stern'], default: 'kind' })),
    ).toBe('The tone. One of: kind, stern. Default: kind')
    expect(argumentDescription(variable({ description: 'Whom?', type: 'boolean' }))).toBe(
      'Whom? true or false',
    )
    expect(argumentDescription(variable({ description: 'The text' }))).toBe('The text')
    expect(argumentDescription(variable({}))).toBeUndefined()
  })

  it('stays short for many choices, and says how many there are', () => {
    const choices = Array.from({ length: 1000 }, (_, at) => `choice_${at}`)
    const words = choiceList(choices)
    expect(words.length).toBeLessThan(700)
    expect(words).toContain('choice_0, choice_1')
    expect(words).toContain('1000 in all')
  })
})

it('is told of what is missing or wrong, for each variable', () => {
  const table = variableTable([
    variable({ name: 'tone', type: 'enum', enum: ['kind', 'stern'], description: 'The tone' }),
    variable({ name: 'items', type: 'array' }),
    variable({ name: 'lang', type: 'enum', enum: ['de', 'en'] }),
    variable({ name: 'size', type: 'enum', enum: ['s', 'm'] }),
  ])
  let details: unknown
  try {
    coerceValues(table, { lang: 'fr', size: {} })
  } catch (error) {
    details = error
  }
  expect(details).toMatchObject({
    details: [
      { message: 'tone is required', hint: 'The tone; One of: kind, stern' },
      { message: 'items is required', hint: 'One per line, or a JSON array' },
      { message: 'lang must be one of: de, en' },
      { message: 'size must be one of: s, m' },
    ],
  })
})
