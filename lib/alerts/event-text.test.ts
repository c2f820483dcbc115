import { describe, expect, it } from 'vitest'
import { detailOf, type EventDetail, hrefOf, summaryOf, type Told } from './event-text.ts'

const told = (kind: Told['kind'], detail: EventDetail = {}, numbers: Partial<Told> = {}): Told => ({
  kind,
  rule_name: 'Rule',
  value: null,
  threshold: null,
  detail,
  ...numbers,
})

describe('the sentence of an alert', () => {
  it.each<[Told, string]>([
    [
      told('latency', { window_hours: 2, uses: 1200 }, { value: 812.4, threshold: 500 }),
      '95 % of 1,200 uses took up to 812 ms within 2 hours (from 500 ms on).',
    ],
    [
      told('cost', { window_hours: 1, scope: { configuration: 'fast' } }, { value: 0.012, threshold: 0.01 }),
      'Generations of fast cost $0.012 within an hour (from $0.01 on).',
    ],
    [
      told('unused', { days: 7, prompts: ['a', 'b', 'c', 'd'], scope: { category: 'data' } }, { value: 4 }),
      '4 prompts in data have not been used for 7 days: a, b, c …',
    ],
    [
      told('label_moved', { prompt: 'greet', label: 'production', from_version: 3, to_version: null }),
      'production was removed from greet; it named version 3.',
    ],
    [
      told('webhook_off', { reason: 'Nothing reached it.' }),
      'The webhook “Rule” was switched off. Nothing reached it.',
    ],
    [
      told('repository_failed', { reason: 'It answered 404.' }),
      'The prompts of the repository “Rule” do not come in. It answered 404.',
    ],
  ])('says what was measured: %#', (event, sentence) => expect(summaryOf(event)).toBe(sentence))

  it('keeps what the rule was narrowed to', () => {
    const condition = {
      kind: 'error_rate',
      threshold: 0.1,
      window_hours: 1,
      min_count: 5,
      client: '',
    } as const
    expect(detailOf(condition)).toEqual({ scope: { client: '' }, window_hours: 1 })
    const event = told('error_rate', { ...detailOf(condition), uses: 10 }, { value: 0.2, threshold: 0.1 })
    expect(summaryOf(event)).toBe(
      '20 % of 10 uses by clients without a name failed within an hour (from 10 % on).',
    )
  })
})

it('an alert leads to the page that shows it', () => {
  const scope = { prompt: 'greet', client: 'a b' }
  expect(hrefOf(told('error_rate', { scope }))).toBe('/prompts/greet/usage?range=7d&client=a+b')
  expect(hrefOf(told('busy'))).toBe('/usage?range=7d')
  const judged = { ...told('error_rate', { window_hours: 2 }), window_start: '2026-11-24T12:00:00.000Z' }
  expect(hrefOf(judged)).toBe('/usage?range=7d&from=2026-11-24T12%3A00Z&to=2026-11-24T14%3A00Z')
  const at = (kind: Told['kind'], detail: EventDetail) =>
    hrefOf({ ...told(kind, detail), window_start: '2026-11-24T00:00:00.000Z' })
  expect(at('busy', { per: 'day' })).toBe('/usage?range=7d&from=2026-11-24T00%3A00Z&to=2026-11-25T00%3A00Z')
  expect(at('unused', { days: 1 })).toBe(
    '/usage?from=2026-11-24T00%3A00Z&to=2026-11-25T01%3A00Z#unused-heading',
  )
  expect(at('cost', { window_hours: 6, scope: { label: 'staging' } })).toBe(
    '/generations?label=staging&from=2026-11-24T00%3A00Z&to=2026-11-24T06%3A00Z',
  )
  const month = { ...told('quota'), window_start: '2026-12-01T00:00:00.000Z' }
  expect(hrefOf(month)).toBe('/generations?from=2026-12-01T00%3A00Z&to=2027-01-01T00%3A00Z')
  expect(hrefOf(told('quota', { scope: { configuration: 'fast' } }))).toBe('/generations?configuration=fast')
  expect(hrefOf(told('label_moved', { prompt: 'greet' }))).toBe('/prompts/greet/versions')
  expect(hrefOf(told('webhook_off'))).toBe('/settings/webhooks')
  expect(hrefOf(told('repository_failed'))).toBe('/settings/repositories')
})
