import type { KindName, Narrowing, NumberName } from '#lib/alerts/rules.ts'
import type { AlertEvent, Condition } from '#lib/alerts/schema.ts'

interface KindWords {
  name: string
  hint: string
  threshold: string
  /** What the number in the form is multiplied with: people write shares as percents. */
  factor: number
  unit: string
}

export const KIND_WORDS: Readonly<Record<KindName, KindWords>> = {
  error_rate: {
    name: 'Failed uses',
    hint: 'The share of uses that failed.',
    threshold: 'Fires from (percent)',
    factor: 100,
    unit: '%',
  },
  latency: {
    name: 'Slow uses',
    hint: 'The time that 95 % of uses stay below.',
    threshold: 'Fires from (milliseconds)',
    factor: 1,
    unit: 'ms',
  },
  cost: {
    name: 'Cost of generations',
    hint: 'What generations cost together.',
    threshold: 'Fires from (US dollars)',
    factor: 1,
    unit: 'US $',
  },
  quota: {
    name: 'Share of a quota',
    hint: 'How much of its monthly quota a configuration has used.',
    threshold: 'Fires from (percent)',
    factor: 100,
    unit: '%',
  },
  unused: {
    name: 'Unused prompts',
    hint: 'Active prompts that nobody has used.',
    threshold: 'Fires from (prompts)',
    factor: 1,
    unit: 'prompts',
  },
  busy: {
    name: 'Suddenly busy',
    hint: 'Uses against the usual: the mean of four weeks.',
    threshold: 'Fires from (times the usual)',
    factor: 1,
    unit: '×',
  },
  label_moved: {
    name: 'A label moved',
    hint: 'A label was set, moved or removed. Without a label: every protected one.',
    threshold: '',
    factor: 1,
    unit: '',
  },
}

export const NUMBER_WORDS: Readonly<Record<NumberName, { label: string; hint: string }>> = {
  window_hours: { label: 'Window (hours)', hint: 'The running hour is the last one.' },
  days: { label: 'Days without a use', hint: 'Younger prompts do not count.' },
  min_count: { label: 'Least number of uses', hint: 'With fewer nothing is said.' },
  hold_minutes: { label: 'Lasting for (minutes)', hint: '0: it fires at once.' },
  cooldown_minutes: { label: 'Then quiet for (minutes)', hint: 'It does not fire again before.' },
}

export const NARROWING_WORDS: Readonly<Record<Narrowing, string>> = {
  prompt: 'Prompt',
  category: 'Category',
  label: 'Label',
  client: 'Client',
  configuration: 'AI configuration',
}

/** What a rule watches, in one line. */
export function conditionText(condition: Condition): string {
  const { name, factor, unit } = KIND_WORDS[condition.kind]
  const scope = Object.keys(NARROWING_WORDS).flatMap((field) => {
    const value: unknown = Reflect.get(condition, field)
    return typeof value === 'string' ? [`${field} ${value === '' ? 'without a name' : value}`] : []
  })
  const from = 'threshold' in condition ? [`from ${rounded(condition.threshold * factor)} ${unit} on`] : []
  const window = 'window_hours' in condition ? [`within ${condition.window_hours} h`] : []
  const days = 'days' in condition ? [`for ${condition.days} days`] : []
  return [name, ...from, ...window, ...days, ...scope].join(' · ')
}

/** A measured value with its unit. */
export function valueText(kind: AlertEvent['kind'], value: number | null): string {
  if (value === null || kind === 'webhook_off' || kind === 'repository_failed') return 'too little to say'
  const { factor, unit } = KIND_WORDS[kind]
  return `${rounded(value * factor)} ${unit}`.trim()
}

function rounded(value: number): string {
  return value.toLocaleString('en-GB', { maximumSignificantDigits: 4 })
}
