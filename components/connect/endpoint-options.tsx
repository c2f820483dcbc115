'use client'

import { describedBy, Field } from '#components/ui/field.tsx'
import { Select } from '#components/ui/overlays/select.tsx'
import { TextInput } from '#components/ui/text-area.tsx'
import { isLabelSelector } from '#lib/prompts/rules.ts'
import { SLUG_LENGTH } from '#lib/slug.ts'
import type { Narrowing } from './snippets.ts'

const ALL = '*'
const HINT = 'Clients get the versions that carry it.'

/** Narrows a client's view, by the address alone. */
export function EndpointOptions({
  narrowing: { label, category },
  categories,
  onChange,
}: {
  narrowing: Narrowing
  categories: readonly { slug: string; name: string }[]
  onChange: (change: Partial<Narrowing>) => void
}) {
  const error =
    label === '' || isLabelSelector(label)
      ? undefined
      : 'A label is made of lower-case letters, digits, "-" and "_", and is no number.'
  const choices = [
    { id: ALL, label: 'All categories' },
    ...categories.map(({ slug, name }) => ({ id: slug, label: name })),
  ]
  return (
    <div className="mt-5 grid gap-5 sm:grid-cols-2">
      <Field id="connect-label" label="Label" hint={HINT} error={error}>
        <TextInput
          id="connect-label"
          value={label}
          placeholder="production"
          maxLength={SLUG_LENGTH}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="none"
          aria-invalid={error !== undefined}
          aria-describedby={describedBy('connect-label', HINT, error)}
          onChange={(event) => onChange({ label: event.target.value.trim() })}
        />
      </Field>
      <Field id="connect-category" label="Category" hint="Clients see its prompts alone.">
        <Select
          id="connect-category"
          aria-labelledby="connect-category-label"
          aria-describedby="connect-category-hint"
          choices={choices}
          value={category === '' ? ALL : category}
          onChange={(id) => onChange({ category: id === ALL ? '' : id })}
        />
      </Field>
    </div>
  )
}
