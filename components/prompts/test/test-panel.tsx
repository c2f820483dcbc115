'use client'

import { useEffect, useMemo, useRef, useState } from 'react'
import { useActions } from '#components/shell/actions.tsx'
import type { IncludeTree } from '#lib/prompts/template/types.ts'
import type { CallTarget } from './calls.ts'
import { typedValues } from './form-values.ts'
import { Preview } from './preview.tsx'
import { useFormValues } from './use-form-values.ts'
import { type Draft, useLiveRender } from './use-live-render.ts'
import { fieldId } from './variable-field.tsx'
import { VariableForm } from './variable-form.tsx'

/** The version that a draft began from. */
export interface SavedVersion {
  name: string
  version: number
  /** The label that chose it, when one did. */
  label?: string | null | undefined
  /** What its text includes, as it was pinned. */
  includes?: IncludeTree | undefined
}

export interface TestPanelProps {
  /** What the editor holds now; the panel renders it anew whenever it is another object. */
  draft: Draft
  /** Left out for a prompt that was never saved. */
  saved?: SavedVersion | undefined
  /** Whether the draft says something else than `saved`. */
  isChanged?: boolean
}

/** A form made from the variables of a draft, and what the draft becomes with what was typed. */
export function TestPanel({ draft, saved, isChanged = saved === undefined }: TestPanelProps) {
  const [values, setValues] = useFormValues(saved?.name)
  const live = useLiveRender(draft, values, isChanged ? undefined : saved?.includes)
  const { outcome, variables } = live
  const typed = useMemo(() => typedValues(variables, values), [variables, values])
  const preview = useRef<HTMLElement>(null)
  const [runs, setRuns] = useState(0)

  const goTo = (name: string) => {
    const field = document.getElementById(fieldId(name))
    field?.focus()
    field?.scrollIntoView({ block: 'nearest' })
  }
  const run = () => {
    const now = live.runNow()
    const first = now?.state === 'incomplete' ? firstIn(variables, now) : undefined
    if (first !== undefined) return goTo(first)
    setRuns(runs + 1)
    preview.current?.scrollIntoView({ block: 'nearest' })
  }
  useRunAction(run)

  return (
    <div
      id="try"
      tabIndex={-1}
      className="flex min-w-0 scroll-mt-16 flex-col gap-8 outline-none roomy:sticky roomy:top-18 roomy:h-[calc(100dvh-6rem)] roomy:gap-6"
    >
      <VariableForm
        prompt={saved?.name}
        live={live}
        values={values}
        onChange={setValues}
        errors={
          new Map(
            outcome?.state === 'incomplete'
              ? outcome.wrong.map(({ path, message }) => [String(path[1]), message])
              : [],
          )
        }
      />
      <Preview
        ref={preview}
        live={live}
        isChat={draft.content.kind === 'chat'}
        calls={{ target: targetOf(saved), draft: isChanged ? draft : undefined, values: typed }}
        runs={runs}
        onRun={run}
        onGoTo={goTo}
      />
    </div>
  )
}

/** Offers the run under its keys; registered once, as the panel renders with each letter. */
function useRunAction(run: () => void): void {
  const latest = useRef(run)
  useEffect(() => {
    latest.current = run
  })
  useActions(
    useMemo(
      () => [
        {
          id: 'prompt.run',
          name: 'Run the preview, or go to the first missing value',
          group: 'This prompt',
          keys: 'mod+Enter',
          words: 'render test try',
          run: () => latest.current(),
        },
      ],
      [],
    ),
  )
}

/** The first field, from the top, that needs something. */
function firstIn(
  variables: Draft['variables'],
  { missing, wrong }: { missing: string[]; wrong: { path: (string | number)[] }[] },
): string | undefined {
  const wanted = new Set([...missing, ...wrong.map(({ path }) => String(path[1]))])
  return variables.find(({ name }) => wanted.has(name))?.name
}

function targetOf(saved: SavedVersion | undefined): CallTarget | undefined {
  if (saved === undefined) return undefined
  const { name, version, label } = saved
  return label ? { name, label } : { name, version }
}
