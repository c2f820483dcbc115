'use client'

import { type Faults, useForm } from '#components/forms/use-form.ts'
import {
  KINDS,
  type Kind,
  type KindName,
  type Narrowing,
  NUMBERS,
  type NumberName,
} from '#lib/alerts/rules.ts'
import type { Condition, Rule } from '#lib/alerts/schema.ts'
import { KIND_WORDS } from './kind-words.ts'

/** A rule as it is filled in: numbers and names as they were typed. */
export type RuleValues = Record<NumberName | Narrowing, string> & {
  name: string
  kind: KindName
  threshold: string
  per: 'hour' | 'day'
  enabled: boolean
  webhooks: string[]
  members: string[]
}

const NAMES = Object.keys(NUMBERS) as NumberName[]
/** Stands for something that a rule named and that is not there any more; nothing is called so. */
export const GONE = '(gone)'
/** What the field says of clients that gave no name. */
export const UNNAMED = '(without a name)'

/** A form to begin with: a new rule, or one that is there. */
export function valuesOf(rule: Rule | undefined): RuleValues {
  const kind = rule?.condition.kind ?? 'error_rate'
  const given = (field: string): unknown => Reflect.get(rule?.condition ?? {}, field)
  const text = (field: string, fallback = ''): string => {
    const value = given(field)
    return typeof value === 'string' || typeof value === 'number' ? String(value) : fallback
  }
  const named = (field: Narrowing) => (rule?.missing.includes(field) === true ? GONE : text(field))
  const numbers = NAMES.map((name) => [
    name,
    text(name, String(rule ? NUMBERS[name].least : NUMBERS[name].usual)),
  ])
  const { webhooks = [], members = [] } = rule?.destinations ?? {}
  return {
    ...(Object.fromEntries(numbers) as Record<NumberName, string>),
    name: rule?.name ?? '',
    kind,
    threshold: thresholdText(kind, given('threshold')),
    per: given('per') === 'day' ? 'day' : 'hour',
    prompt: named('prompt'),
    category: named('category'),
    label: text('label'),
    client: given('client') === '' ? UNNAMED : text('client'),
    configuration: named('configuration'),
    enabled: rule?.enabled ?? true,
    webhooks,
    members,
  }
}

/** The threshold in the unit that people write it in. */
function thresholdText(kind: KindName, value: unknown): string {
  const declared: Kind = KINDS[kind]
  const threshold = typeof value === 'number' ? value : declared.threshold?.usual
  return threshold === undefined ? '' : String(Number((threshold * KIND_WORDS[kind].factor).toPrecision(10)))
}

/** What changes with the kind. */
export function kindChange(kind: KindName): Partial<RuleValues> {
  return { kind, threshold: thresholdText(kind, undefined) }
}

/** The condition as the API takes it. */
export function conditionOf(values: RuleValues): Condition {
  const { kind } = values
  const declared: Kind = KINDS[kind]
  const condition: Record<string, unknown> = { kind }
  if (declared.threshold !== null)
    condition['threshold'] = Number((Number(values.threshold) / KIND_WORDS[kind].factor).toPrecision(10))
  for (const name of declared.numbers) condition[name] = Number(values[name])
  if (kind === 'busy') condition['per'] = values.per
  for (const name of declared.narrowed) {
    const value = values[name].trim()
    if (value !== '') condition[name] = name === 'client' && value === UNNAMED ? '' : value
  }
  // The server's schema decides; it names what is wrong by field.
  return condition as Condition
}

function numberFault(text: string, least: number, most: number, isWhole: boolean): string | undefined {
  const value = Number(text)
  const isFine =
    text.trim() !== '' && value >= least && value <= most && (!isWhole || Number.isInteger(value))
  return isFine ? undefined : `A ${isWhole ? 'whole ' : ''}number from ${least} to ${most}`
}

/** Faults that are found without the server. */
export function ruleFaults(values: RuleValues): Faults<RuleValues> {
  const { kind } = values
  const declared: Kind = KINDS[kind]
  const faults: Faults<RuleValues> = {
    name: values.name.trim() === '' ? 'A name is needed' : undefined,
    configuration:
      kind === 'quota' && values.configuration === ''
        ? 'Choose the configuration whose quota is meant'
        : undefined,
  }
  const { threshold } = declared
  const { factor } = KIND_WORDS[kind]
  if (threshold !== null)
    faults.threshold = numberFault(
      values.threshold,
      threshold.least * factor,
      threshold.most * factor,
      kind === 'unused',
    )
  for (const name of declared.narrowed)
    if (values[name] === GONE) faults[name] = 'It is gone: choose again what is meant'
  for (const name of declared.numbers)
    faults[name] = numberFault(values[name], NUMBERS[name].least, NUMBERS[name].most, true)
  return faults
}

/** The form of a rule. @param send saves it */
export function useRuleForm(rule: Rule | undefined, send: (values: RuleValues) => Promise<unknown>) {
  return useForm<RuleValues>({ values: () => valuesOf(rule), check: ruleFaults, send })
}
export type RuleForm = ReturnType<typeof useRuleForm>
