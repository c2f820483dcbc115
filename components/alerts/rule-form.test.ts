import { describe, expect, it } from 'vitest'
import { KIND_NAMES, KINDS } from '#lib/alerts/rules.ts'
import { Condition, type Rule } from '#lib/alerts/schema.ts'
import { conditionText, valueText } from './kind-words.ts'
import { conditionOf, kindChange, ruleFaults, valuesOf } from './rule-form.ts'

const filled = { ...valuesOf(undefined), name: 'Rule', configuration: 'fast' }

const ruleOf = (condition: Condition) =>
  ({
    name: 'Rule',
    enabled: true,
    condition,
    missing: [],
    destinations: { webhooks: [], members: [] },
  }) as unknown as Rule

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
    const values = valuesOf(ruleOf(condition))
    expect(values.threshold).toBe('7')
    expect(conditionOf(values)).toEqual(condition)
  })

  it('keeps a rule to the clients that gave no name', () => {
    const condition: Condition = {
      kind: 'latency',
      threshold: 200,
      window_hours: 1,
      min_count: 1,
      hold_minutes: 0,
      cooldown_minutes: 0,
      client: '',
    }
    expect(conditionOf(valuesOf(ruleOf(condition)))).toEqual(condition)
  })

  it('asks again for what is gone, so that the rule does not come to watch something else', () => {
    const condition: Condition = {
      kind: 'unused',
      threshold: 1,
      days: 30,
      cooldown_minutes: 0,
      category: 'gone',
    }
    const values = valuesOf({ ...ruleOf(condition), missing: ['category'] })
    expect(ruleFaults(values).category).toBeDefined()
    expect(ruleFaults({ ...values, category: '' }).category).toBeUndefined()
    expect(ruleFaults({ ...values, ...kindChange('quota'), configuration: 'fast' }).category).toBeUndefined()
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
