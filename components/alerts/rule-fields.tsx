'use client'

import { useQuery } from '@tanstack/react-query'
import { configurationsQuery } from '#components/ai/queries.ts'
import { SelectField } from '#components/forms/select-field.tsx'
import { TextField } from '#components/forms/text-field.tsx'
import { categoriesQuery } from '#components/prompts/queries.ts'
import { focusAtOnce } from '#components/ui/focus-at-once.ts'
import { KIND_NAMES, KINDS, type Kind, RULE_NAME_LENGTH } from '#lib/alerts/rules.ts'
import { KIND_WORDS, NARROWING_WORDS, NUMBER_WORDS } from './kind-words.ts'
import { GONE, kindChange, type RuleForm, UNNAMED } from './rule-form.ts'

/** What a rule watches: the fields that its kind asks for. */
export function RuleFields({ form }: { form: RuleForm }) {
  const { kind } = form.values
  const words = KIND_WORDS[kind]
  const declared: Kind = KINDS[kind]
  return (
    <>
      <TextField form={form} field="name" label="Name" maxLength={RULE_NAME_LENGTH} ref={focusAtOnce} />
      <SelectField
        form={form}
        field="kind"
        label="Watches"
        hint={words.hint}
        choices={KIND_NAMES.map((id) => ({ id, label: KIND_WORDS[id].name }))}
        change={(id) => kindChange(KIND_NAMES.find((each) => each === id) ?? kind)}
      />
      <div className="grid items-end gap-5 sm:grid-cols-2">
        {declared.threshold !== null && (
          <TextField form={form} field="threshold" label={words.threshold} inputMode="decimal" />
        )}
        {kind === 'busy' && (
          <SelectField
            form={form}
            field="per"
            label="Compares"
            choices={[
              { id: 'hour', label: 'This hour with the same hour of the week' },
              { id: 'day', label: 'This day with the same day of the week' },
            ]}
          />
        )}
        {declared.numbers.map((name) => (
          <TextField
            key={name}
            form={form}
            field={name}
            label={NUMBER_WORDS[name].label}
            hint={NUMBER_WORDS[name].hint}
            inputMode="numeric"
          />
        ))}
      </div>
      <NarrowingFields form={form} />
    </>
  )
}

const ANY = { id: '', label: 'Any' }

function NarrowingFields({ form }: { form: RuleForm }) {
  const { kind } = form.values
  const { narrowed }: Kind = KINDS[kind]
  const categories = useQuery({ ...categoriesQuery, enabled: narrowed.includes('category') }).data ?? []
  const configurations =
    useQuery({ ...configurationsQuery, enabled: narrowed.includes('configuration') }).data ?? []
  const isNeeded = kind === 'quota'
  return (
    <div className="grid items-end gap-5 sm:grid-cols-2">
      {narrowed.map((field) => {
        const label = isNeeded
          ? NARROWING_WORDS[field]
          : `Only this ${NARROWING_WORDS[field].replace(/^[A-Z](?=[a-z])/, (first) => first.toLowerCase())}`
        if (field === 'category' || field === 'configuration') {
          const found =
            field === 'category'
              ? categories.map(({ slug, name }) => ({ id: slug, label: name }))
              : configurations.map(({ name }) => ({ id: name, label: name }))
          return (
            <SelectField
              key={field}
              form={form}
              field={field}
              label={label}
              choices={[
                ...(form.values[field] === GONE ? [{ id: GONE, label: 'Gone' }] : []),
                ...(isNeeded ? [] : [ANY]),
                ...found,
              ]}
            />
          )
        }
        return (
          <TextField
            key={field}
            form={form}
            field={field}
            label={label}
            placeholder="any"
            hint={field === 'client' ? `${UNNAMED}: those that gave none` : undefined}
            autoCapitalize="none"
            maxLength={80}
          />
        )
      })}
    </div>
  )
}
