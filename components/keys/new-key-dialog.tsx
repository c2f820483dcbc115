'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { CategoriesField } from '#components/access/categories-field.tsx'
import { usePerson } from '#components/access/person.tsx'
import { SCOPE_WORDS } from '#components/access/rights-words.ts'
import { CheckList } from '#components/forms/check-list.tsx'
import { FormDialog } from '#components/forms/form-dialog.tsx'
import { SelectField } from '#components/forms/select-field.tsx'
import { TextField } from '#components/forms/text-field.tsx'
import { focusAtOnce } from '#components/ui/focus-at-once.ts'
import { Segments } from '#components/ui/segments.tsx'
import type { Scope } from '#lib/access/rules.ts'
import { KEY_NAME_LENGTH, PRESETS, type Preset } from '#lib/keys/rules.ts'
import type { NewApiKey } from '#lib/keys/schema.ts'
import { SLUG_LENGTH } from '#lib/slug.ts'
import { presetChange, reasonAgainstScope, useKeyForm } from './key-form.ts'
import { LIVES, PRESET_WORDS } from './key-words.ts'
import { MadeKey } from './made-key.tsx'
import { KEYS } from './queries.ts'

const NAMES = Object.keys(PRESETS) as Preset[]

/** Asks what a new key is for, and shows the key once. */
export function NewKeyDialog({ address, onClose }: { address: string; onClose: () => void }) {
  const [made, setMade] = useState<NewApiKey>()
  return made ? (
    <MadeKey made={made} address={address} onClose={onClose} />
  ) : (
    <Ask onMade={setMade} onClose={onClose} />
  )
}

type KeyForm = ReturnType<typeof useKeyForm>

function Ask({ onMade, onClose }: { onMade: (made: NewApiKey) => void; onClose: () => void }) {
  const queries = useQueryClient()
  const { scopes: own } = usePerson()
  const form = useKeyForm(async (made) => {
    onMade(made)
    await queries.invalidateQueries({ queryKey: KEYS })
  })
  const isManaging = own.includes('members:write')
  const isWriting = form.values.scopes.some((scope) => /:(?:write|release|propose)$/.test(scope))
  return (
    <FormDialog title="New API key" form={form} action="Make the key" isRoomy onClose={onClose}>
      <PresetField form={form} />
      <div className="grid gap-5 sm:grid-cols-2">
        <TextField
          form={form}
          field="name"
          label="Name"
          placeholder="Support bot"
          maxLength={KEY_NAME_LENGTH}
          hint="Where it is used: you will look for it some day."
          ref={focusAtOnce}
        />
        <SelectField
          form={form}
          field="life"
          label="Lives for"
          hint="You are told before it ends."
          choices={LIVES}
        />
        <TextField
          form={form}
          field="label"
          label="Pinned to a label"
          placeholder="none"
          maxLength={SLUG_LENGTH}
          autoCapitalize="none"
          hint="It sees nothing but what the label names."
        />
        {isManaging && (
          <SelectField
            form={form}
            field="kind"
            label="Belongs to"
            hint="A personal key ends with the membership."
            choices={[
              { id: 'personal', label: 'You' },
              { id: 'service', label: 'Nobody: a service' },
            ]}
          />
        )}
      </div>
      <ScopeField form={form} />
      {isWriting && <CategoriesField form={form} />}
    </FormDialog>
  )
}

function PresetField({ form }: { form: KeyForm }) {
  const { scopes: own } = usePerson()
  const { preset } = form.values
  return (
    <div>
      <p className="mb-2 font-medium text-sm">What is it for?</p>
      <Segments
        name="What is it for?"
        segments={NAMES.map((id) => ({ id, label: PRESET_WORDS[id].name }))}
        value={preset === 'custom' ? null : preset}
        onChange={(id) => {
          const chosen = NAMES.find((name) => name === id)
          if (chosen) form.set(presetChange(chosen, own))
        }}
      />
      <p className="mt-2 text-ink-faint text-xs">
        {preset === 'custom' ? 'As you ticked it below' : PRESET_WORDS[preset].hint}.
      </p>
    </div>
  )
}

function ScopeField({ form }: { form: KeyForm }) {
  const { scopes: own } = usePerson()
  const { values } = form
  const scopes = Object.keys(SCOPE_WORDS) as Scope[]
  return (
    <details
      className="border-line border-t pt-3"
      open={values.preset === 'custom' || form.faults.scopes !== undefined}
    >
      <summary className="min-h-8 cursor-pointer rounded font-medium text-sm">
        What it may do ({values.scopes.length})
      </summary>
      <CheckList
        id={`${form.id}-scopes`}
        legend="Rights"
        error={form.faults.scopes}
        items={scopes.map((scope) => ({
          id: scope,
          label: SCOPE_WORDS[scope],
          hint: <code className="font-mono">{scope}</code>,
          reason: reasonAgainstScope(values, scope, own),
        }))}
        ticked={values.scopes}
        onChange={(ticked) => form.set({ scopes: ticked, preset: 'custom' })}
      />
    </details>
  )
}
