'use client'

import { Button } from '#components/ui/button.tsx'
import { describedBy, Field } from '#components/ui/field.tsx'
import { TextInput } from '#components/ui/text-area.tsx'
import { KEY_LENGTH } from '#lib/ai/rules.ts'
import type { CatalogueProvider } from '#lib/ai/schema.ts'
import type { ConfigurationForm } from './use-configuration-form.ts'

/** A key goes in and never comes out again: it can be given anew or removed. */
export function KeyField({ form, provider }: { form: ConfigurationForm; provider: CatalogueProvider }) {
  const { values, base, isKeyLost } = form
  const own = `${form.id}-api_key`
  const isStored = base?.key === 'stored' && !isKeyLost
  const error = form.faults.api_key
  const hint = hintFor(form, provider)
  return (
    <Field id={own} label="Key" hint={hint} error={error}>
      <div className="flex gap-2">
        <TextInput
          id={own}
          type="password"
          autoComplete="off"
          spellCheck={false}
          maxLength={KEY_LENGTH}
          className="font-mono"
          placeholder={isStored && !values.removesKey ? 'stored; type to replace it' : ''}
          value={values.api_key}
          aria-invalid={error !== undefined}
          aria-describedby={describedBy(own, hint, error)}
          onChange={(event) => form.set({ api_key: event.target.value, removesKey: false })}
        />
        {isStored && (
          <Button className="h-9" onPress={() => form.set({ removesKey: !values.removesKey, api_key: '' })}>
            {values.removesKey ? 'Keep it' : 'Remove'}
          </Button>
        )}
      </div>
    </Field>
  )
}

function hintFor({ values, base, isKeyLost }: ConfigurationForm, provider: CatalogueProvider): string {
  if (isKeyLost)
    return 'The stored key does not go along to another provider or address: give it again, or it is removed.'
  if (values.removesKey) return 'The stored key is removed when you save.'
  if (base?.key === 'stored') return 'It is sealed and never shown.'
  const otherwise = provider.environment_key
    ? 'Empty: the key of the environment.'
    : provider.key === 'required'
      ? 'Calls need one; it can also come from the environment.'
      : 'Empty where the server asks for none.'
  return `It is stored sealed and never shown again. ${otherwise}`
}
