/** What rules are made of, for their schema, their evaluation and the form, which has no schema library. */

export const RULE_NAME_LENGTH = 100
/** Most webhooks and most members that one rule tells. */
export const DESTINATIONS_MAX = 20
/** How far back a rule is tested, at most and when nothing was said. */
export const PREVIEW_DAYS = { most: 90, usual: 30 } as const

export interface NumberField {
  least: number
  most: number
  /** In the form of a new rule. */
  usual: number
}

/** The whole numbers of rules. Usage is counted by the hour: a window is of whole hours. */
export const NUMBERS = {
  window_hours: { least: 1, most: 744, usual: 1 },
  days: { least: 1, most: 365, usual: 30 },
  min_count: { least: 1, most: 1_000_000, usual: 20 },
  hold_minutes: { least: 0, most: 10_080, usual: 0 },
  cooldown_minutes: { least: 0, most: 43_200, usual: 60 },
} as const satisfies Record<string, NumberField>
export type NumberName = keyof typeof NUMBERS

/** What a rule can be narrowed to. */
export type Narrowing = 'prompt' | 'category' | 'label' | 'client' | 'configuration'

export interface Kind {
  /** The unit is the kind's: a share of 1, milliseconds, US dollars, a number of prompts, a factor. */
  threshold: NumberField | null
  numbers: readonly NumberName[]
  narrowed: readonly Narrowing[]
}

const USED: readonly Narrowing[] = ['prompt', 'category', 'label', 'client']

/** The kinds of rules, in the order of the choices, and what each asks for. */
export const KINDS = {
  error_rate: {
    threshold: { least: 0.0001, most: 1, usual: 0.05 },
    numbers: ['window_hours', 'min_count', 'hold_minutes', 'cooldown_minutes'],
    narrowed: USED,
  },
  latency: {
    threshold: { least: 0.001, most: 60_000, usual: 500 },
    numbers: ['window_hours', 'min_count', 'hold_minutes', 'cooldown_minutes'],
    narrowed: USED,
  },
  cost: {
    threshold: { least: 0.000001, most: 1_000_000, usual: 10 },
    numbers: ['window_hours', 'hold_minutes', 'cooldown_minutes'],
    narrowed: ['prompt', 'category', 'label', 'configuration'],
  },
  quota: {
    threshold: { least: 0.01, most: 10, usual: 0.8 },
    numbers: ['cooldown_minutes'],
    narrowed: ['configuration'],
  },
  unused: {
    threshold: { least: 1, most: 1_000_000, usual: 1 },
    numbers: ['days', 'cooldown_minutes'],
    narrowed: ['prompt', 'category'],
  },
  busy: {
    threshold: { least: 1.1, most: 1000, usual: 3 },
    numbers: ['min_count', 'hold_minutes', 'cooldown_minutes'],
    narrowed: USED,
  },
  label_moved: { threshold: null, numbers: [], narrowed: ['prompt', 'category', 'label'] },
} as const satisfies Record<string, Kind>
export type KindName = keyof typeof KINDS

export const KIND_NAMES = ['error_rate', 'latency', 'cost', 'quota', 'unused', 'busy', 'label_moved'] as const

/** What the app tells by itself, without a rule. */
export const OWN_KINDS = ['webhook_off', 'repository_failed'] as const
export type OwnKind = (typeof OWN_KINDS)[number]

/** What "busy" compares: this hour with the same hour of the week, or this day with the same day of the week. */
export const PERIODS = ['hour', 'day'] as const
export type Period = (typeof PERIODS)[number]
