import { describe, expect, it } from 'vitest'
import { KIND_NAMES, KINDS } from '#lib/alerts/rules.ts'
import { Condition, type Rule } from '#lib/alerts/schema.ts'
import { conditionText, valueText } from './kind-words.ts'
import { conditionOf, kindChange, ruleFaults, valuesOf } from './rule-form.ts'

const filled = { ...valuesOf(undefined), name: 'Rule', configuration: 'fast' }

describe('the form of a rule', () => {
  it.each(KIND_NAMES)('begins with what the API takes: %s', (kind) => {
    const values = { ...filled, ...kindChange(kind) }
    expect(Object.values(ruleFaults(values)).filter((fault) => fault !== undefined)).toEqual([])
    expect(Condition.parse(conditionOf(values))).toMatchObject({ kind })
  })

  it('writes shares as percents, and reads back what it was given', () => {
    const condition: Condition = {
      kind: 'error_rate',
      threshold: 0.07,
      window_hours: 6,
      min_count: 3,
      hold_minutes: 10,
      cooldown_minutes: 0,
      prompt: 'greet',
    }
    const values = valuesOf({
      name: 'Rule',
      enabled: true,
      condition,
      destinations: { webhooks: [], members: [] },
    } as unknown as Rule)
    expect(values.threshold).toBe('7')
    expect(conditionOf(values)).toEqual(condition)
  })

  it('finds what is out of bounds, by field', () => {
    const faults = ruleFaults({ ...filled, name: ' ', threshold: '101', window_hours: '1.5', min_count: '' })
    expect(Object.keys(faults).filter((field) => faults[field as keyof typeof faults] !== undefined)).toEqual(
      ['name', 'threshold', 'window_hours', 'min_count'],
    )
    expect(ruleFaults({ ...filled, ...kindChange('quota'), configuration: '' }).configuration).toBeDefined()
  })
})

it('a condition is one line, a value has its unit', () => {
  expect(conditionText({ kind: 'unused', threshold: 1, days: 30, category: 'data' })).toBe(
    'Unused prompts · from 1 prompts on · for 30 days · category data',
  )
  expect(valueText('error_rate', 0.123)).toBe('12.3 %')
  expect(valueText('busy', null)).toBe('too little to say')
  expect(Object.keys(KINDS)).toEqual([...KIND_NAMES])
})
