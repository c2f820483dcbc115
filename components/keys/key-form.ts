'use client'

import { categoriesFault } from '#components/access/categories-field.tsx'
import { usePerson } from '#components/access/person.tsx'
import { useForm } from '#components/forms/use-form.ts'
import type { Scope } from '#lib/access/rules.ts'
import { AGENT_LABEL, NOT_FOR_SERVICES, NOT_UNDER_A_PIN, PRESETS, type Preset } from '#lib/keys/rules.ts'
import type { CreateKeyInput, NewApiKey } from '#lib/keys/schema.ts'
import { labelFault } from '#lib/prompts/rules.ts'
import { call } from '#lib/rest/client.ts'
import { endOfLife } from './key-words.ts'

/** The fields of a new key. */
export interface KeyValues {
  name: string
  kind: 'personal' | 'service'
  /** `custom`: the scopes were ticked one by one. */
  preset: Preset | 'custom'
  scopes: readonly string[]
  /** Empty: no pin. */
  label: string
  categories: readonly string[] | null
  life: string
}

/** A key as most people want it: for an agent. */
export function newKey(name = ''): KeyValues {
  return {
    name,
    kind: 'personal',
    preset: 'agent',
    scopes: PRESETS.agent,
    label: AGENT_LABEL,
    categories: null,
    life: '90',
  }
}

/** The change that a preset makes. */
export function presetChange(preset: Preset, own: readonly Scope[]): Partial<KeyValues> {
  const given: readonly Scope[] | undefined = PRESETS[preset]
  return {
    preset,
    scopes: given?.filter((scope) => own.includes(scope)) ?? own,
    label: preset === 'agent' ? AGENT_LABEL : '',
  }
}

/** Why a key cannot have a scope; undefined: it can. */
export function reasonAgainstScope(
  { kind, label }: Pick<KeyValues, 'kind' | 'label'>,
  scope: Scope,
  own: readonly Scope[],
): string | undefined {
  if (!own.includes(scope)) return 'Your role does not include it.'
  if (kind === 'service' && NOT_FOR_SERVICES.includes(scope)) return 'No service key has it.'
  if (label.trim() !== '' && NOT_UNDER_A_PIN.includes(scope))
    return 'No key has it that is pinned to a label.'
  return undefined
}

/** The request for a key. What it cannot have is left out. */
export function keyBody(values: KeyValues, own: readonly Scope[], now: number): CreateKeyInput {
  const { name, kind, label, categories, life } = values
  const scopes = values.scopes.filter(
    (scope): scope is Scope => reasonAgainstScope(values, scope as Scope, own) === undefined,
  )
  return {
    name: name.trim(),
    kind,
    scopes,
    label: label.trim() === '' ? null : label.trim(),
    expires_at: endOfLife(life, now),
    ...(categories !== null && { categories: [...categories] }),
  }
}

/** The form of a new key. */
export function useKeyForm(onMade: (key: NewApiKey) => Promise<unknown>) {
  const { scopes: own } = usePerson()
  return useForm<KeyValues>({
    values: () => newKey(),
    check: (values) => ({
      name: values.name.trim() === '' ? 'Say where the key is used.' : undefined,
      label: values.label.trim() === '' ? undefined : labelFault(values.label.trim()),
      scopes: keyBody(values, own, 0).scopes?.length === 0 ? 'Tick what the key may do.' : undefined,
      categories: categoriesFault(values),
    }),
    send: async (values) => onMade(await call('POST /api/keys', { body: keyBody(values, own, Date.now()) })),
  })
}
