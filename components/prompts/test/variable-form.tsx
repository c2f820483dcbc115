'use client'

import dynamic from 'next/dynamic'
import { Button } from '#components/ui/button.tsx'
import { lastingPart } from '#components/ui/part.ts'
import { showToast } from '#components/ui/toast.ts'
import { type FormValues, withExamples } from './form-values.ts'
import type { Live } from './use-live-render.ts'
import { VariableField } from './variable-field.tsx'

// Reading and changing saved inputs comes after the page.
const SavedInputs = dynamic(
  lastingPart(async () => (await import('./saved-inputs.tsx')).SavedInputs),
  {
    ssr: false,
    loading: () => <span className="h-8" />,
  },
)

/** A field for each variable of the draft, and the inputs that were saved to try it with. */
export function VariableForm({
  prompt,
  live: { variables, undeclared },
  values,
  onChange,
  errors,
}: {
  prompt: string | undefined
  live: Pick<Live, 'variables' | 'undeclared'>
  values: FormValues
  onChange: (values: FormValues) => void
  errors: ReadonlyMap<string, string>
}) {
  if (variables.length === 0) return null
  const hasExamples = variables.some(({ name, example }) => example !== undefined && !values[name])
  const isEmpty = !variables.some(({ name }) => values[name])
  const replace = (changed: FormValues, message: string) => {
    onChange(changed)
    if (isEmpty) return
    showToast({ message, key: 'values', action: { label: 'Undo', run: () => onChange(values) } })
  }
  return (
    <section aria-labelledby="variables-heading" className="flex min-h-0 shrink-0 flex-col roomy:max-h-[52%]">
      <div className="mb-3 flex min-h-8 flex-wrap items-center justify-between gap-2">
        <h2 id="variables-heading" className="font-serif text-xl">
          Values
        </h2>
        <div className="flex flex-wrap gap-1">
          {!isEmpty && (
            <Button look="quiet" onPress={() => replace({}, 'All values cleared')}>
              Clear
            </Button>
          )}
          {hasExamples && (
            <Button look="outline" onPress={() => onChange(withExamples(variables, values))}>
              Use the examples
            </Button>
          )}
          {prompt !== undefined && (
            <SavedInputs prompt={prompt} variables={variables} values={values} onLoad={replace} />
          )}
        </div>
      </div>
      <form
        autoComplete="off"
        className="-mx-1 flex flex-col gap-5 px-1 pb-1 roomy:fade-end roomy:overflow-y-auto"
        onSubmit={(event) => event.preventDefault()}
      >
        {variables.map((variable) => (
          <VariableField
            key={variable.name}
            variable={variable}
            isUndeclared={undeclared.has(variable.name)}
            value={values[variable.name] ?? ''}
            error={errors.get(variable.name)}
            onChange={(value) => onChange({ ...values, [variable.name]: value })}
          />
        ))}
      </form>
    </section>
  )
}
