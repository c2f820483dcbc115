'use client'

import { useMemo, useRef } from 'react'
import { Button } from '#components/ui/button.tsx'
import { useShortcut } from '#components/ui/use-shortcut.ts'
import type { PromptSource } from '#lib/prompts/template/types.ts'
import type { Variable } from '#lib/prompts/variables/variable.ts'
import type { CallTarget } from './calls.ts'
import { type FormValues, typedValues, withExamples } from './form-values.ts'
import { RenderResult } from './render-result.tsx'
import { useFormValues } from './use-form-values.ts'
import { useMarkedVariable } from './use-marked-variable.ts'
import { useTestRender } from './use-test-render.ts'
import { fieldId, VariableField } from './variable-field.tsx'

/** A form made from the variables, and what the prompt becomes with what was typed. */
export function TestRender({ target, source }: { target: CallTarget; source: PromptSource }) {
  const variables = source.variables as Variable[]
  const [values, setValues] = useFormValues(target.name)
  const outcome = useTestRender(source, values)
  const panel = useRef<HTMLDivElement>(null)
  const copyButton = useRef<HTMLButtonElement>(null)
  useMarkedVariable(panel)

  const problems = outcome?.state === 'incomplete' ? outcome : undefined
  const errors = new Map(problems?.wrong.map(({ path, message }) => [String(path[1]), message]))
  const typed = useMemo(() => typedValues(variables, values), [variables, values])
  const goTo = (name: string) => document.getElementById(fieldId(name))?.focus()
  useShortcut(
    'Enter',
    () => {
      const first = problems && (problems.missing[0] ?? String(problems.wrong[0]?.path[1]))
      if (first === undefined) copyButton.current?.click()
      else goTo(first)
    },
    { withCommand: true },
  )

  return (
    <div
      ref={panel}
      className="flex flex-col gap-8 roomy:sticky roomy:top-18 roomy:max-h-[calc(100dvh-6rem)] roomy:gap-6"
    >
      {variables.length > 0 && (
        <VariableForm variables={variables} values={values} onChange={setValues} errors={errors} />
      )}
      <RenderResult
        outcome={outcome}
        target={target}
        values={typed}
        isChat={source.content.kind === 'chat'}
        onGoTo={goTo}
        copyButton={copyButton}
      />
    </div>
  )
}

function VariableForm({
  variables,
  values,
  onChange,
  errors,
}: {
  variables: readonly Variable[]
  values: FormValues
  onChange: (values: FormValues) => void
  errors: ReadonlyMap<string, string>
}) {
  const hasExamples = variables.some(({ example }) => example !== undefined)
  const isEmpty = !Object.values(values).some(Boolean)
  return (
    <section aria-labelledby="variables-heading" className="flex min-h-0 flex-col roomy:max-h-[52%]">
      <div className="mb-3 flex h-8 items-center justify-between gap-2">
        <h2 id="variables-heading" className="font-serif text-xl">
          Variables
        </h2>
        <div className="flex gap-1">
          {!isEmpty && (
            <Button look="quiet" onPress={() => onChange({})}>
              Clear
            </Button>
          )}
          {hasExamples && (
            <Button look="outline" onPress={() => onChange(withExamples(variables, values))}>
              Use the examples
            </Button>
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
            value={values[variable.name] ?? ''}
            error={errors.get(variable.name)}
            onChange={(value) => onChange({ ...values, [variable.name]: value })}
          />
        ))}
      </form>
    </section>
  )
}
