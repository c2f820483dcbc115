'use client'

import dynamic from 'next/dynamic'
import type { ReactNode } from 'react'
import { Button } from '#components/ui/button.tsx'
import { classNames } from '#components/ui/class-names.ts'
import { lastingPart } from '#components/ui/part.ts'
import { showToast } from '#components/ui/toast.ts'
import type { Variable } from '#lib/liquid/variable.ts'
import { typeLabel } from '../variable-type.ts'
import { type FormValues, withExamples } from './form-values.ts'
import type { Live } from './use-live-render.ts'
import { VariableField } from './variable-field.tsx'

// The saved inputs load after the page.
const SavedInputs = dynamic(
  lastingPart(async () => (await import('./saved-inputs.tsx')).SavedInputs),
  {
    ssr: false,
    loading: () => <span className="h-8" />,
  },
)

/** The slots that an editor fills, so that the variables are declared beside their values. */
export interface Declarations {
  /** The same for a variable while it is renamed or declared. */
  keyOf: (variable: Variable, index: number) => string
  /** Beside the name: its type, to be changed. */
  asideOf: (variable: Variable, index: number, all: readonly Variable[]) => ReactNode
  /** Below the field: everything else about it, when it is open. */
  belowOf: (variable: Variable, index: number) => ReactNode
  /** Whether the details of one are open, which take room. */
  isOpen: boolean
  /** Adds a variable that no text uses yet. */
  add: ReactNode
}

interface Shared {
  prompt: string | undefined
  values: FormValues
  onChange: (values: FormValues) => void
  declarations?: Declarations | undefined
}

/** A field for each variable of the draft, and the inputs that were saved to try it with. */
export function VariableForm({
  prompt,
  live: { variables, undeclared },
  values,
  onChange,
  errors,
  declarations,
  className = 'roomy:max-h-[52%]',
}: Shared & {
  live: Pick<Live, 'variables' | 'undeclared'>
  errors: ReadonlyMap<string, string>
  className?: string
}) {
  if (variables.length === 0 && declarations === undefined) return null
  return (
    <section
      aria-labelledby="variables-heading"
      className={classNames('flex min-h-0 shrink-0 flex-col', className)}
    >
      <FormHead
        prompt={prompt}
        variables={variables}
        values={values}
        onChange={onChange}
        declarations={declarations}
      />
      {variables.length === 0 && (
        <p className="text-ink-soft text-sm">
          None yet. Write <code className="font-mono">{'{{ name }}'}</code> in the text, and it stands here.
        </p>
      )}
      <form
        autoComplete="off"
        className="-mx-1 flex flex-col gap-5 px-1 pb-1 roomy:fade-end roomy:overflow-y-auto"
        onSubmit={(event) => event.preventDefault()}
      >
        {variables.map((variable, index) => (
          <VariableField
            key={declarations?.keyOf(variable, index) ?? variable.name}
            variable={variable}
            aside={
              declarations?.asideOf(variable, index, variables) ??
              (undeclared.has(variable.name) ? `${typeLabel(variable)}, new` : typeLabel(variable))
            }
            below={declarations?.belowOf(variable, index)}
            value={values[variable.name] ?? ''}
            error={errors.get(variable.name)}
            onChange={(value) => onChange({ ...values, [variable.name]: value })}
          />
        ))}
      </form>
    </section>
  )
}

/** The heading of the form, and the buttons that fill or clear it as a whole. */
function FormHead({
  prompt,
  variables,
  values,
  onChange,
  declarations,
}: Shared & { variables: readonly Variable[] }) {
  const hasExamples = variables.some(({ name, example }) => example !== undefined && !values[name])
  const isEmpty = !variables.some(({ name }) => values[name])
  const replace = (changed: FormValues, message: string) => {
    onChange(changed)
    if (isEmpty) return
    showToast({ message, key: 'values', action: { label: 'Undo', run: () => onChange(values) } })
  }
  return (
    <div className="mb-3 flex min-h-8 flex-wrap items-center justify-between gap-2">
      <h2 id="variables-heading" className="font-serif text-xl">
        {declarations === undefined ? 'Values' : 'Variables'}
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
        {prompt !== undefined && variables.length > 0 && (
          <SavedInputs prompt={prompt} variables={variables} values={values} onLoad={replace} />
        )}
        {declarations?.add}
      </div>
    </div>
  )
}
