'use client'

import dynamic from 'next/dynamic'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { VersionFields } from '#components/changes/version-fields.ts'
import { useActions } from '#components/shell/actions.tsx'
import { classNames } from '#components/ui/class-names.ts'
import { lastingPart } from '#components/ui/part.ts'
import type { IncludeTree } from '#lib/liquid/types.ts'
import type { CallTarget } from './calls.ts'
import type { DraftRunHandle, FirstRun } from './draft-run.tsx'
import { typedValues } from './form-values.ts'
import { Preview } from './preview.tsx'
import { useFormValues } from './use-form-values.ts'
import { type Draft, useLiveRender } from './use-live-render.ts'
import { fieldId } from './variable-field.tsx'
import { type Declarations, VariableForm } from './variable-form.tsx'

const DraftRun = dynamic(lastingPart(async () => (await import('./draft-run.tsx')).DraftRun))

/** The version that a draft began from. */
export interface SavedVersion {
  name: string
  version: number
  /** The label that chose it, when one did. */
  label?: string | null | undefined
  /** The includes of its text, as they were pinned. */
  includes?: IncludeTree | undefined
}

export interface TestPanelProps {
  /** The draft now; the panel renders it anew whenever it is another object. */
  draft: Draft
  /** How a model is to be asked; left out: as the version says. */
  config?: VersionFields['config'] | undefined
  /** Left out for a prompt that was never saved. */
  saved?: SavedVersion | undefined
  /** Whether the draft says something else than `saved`. */
  isChanged?: boolean
  /** Makes a prompt that does not exist yet, and runs it. */
  onFirstRun?: ((run: FirstRun) => void) | undefined
  /** Left out where the draft is only read. */
  declarations?: Declarations
}

/** A form made from the variables of a draft, the text rendered with their values, and a model's answer. */
export function TestPanel(props: TestPanelProps) {
  const { draft, saved, isChanged = saved === undefined, declarations } = props
  const [values, setValues] = useFormValues(saved?.name)
  const live = useLiveRender(draft, values, isChanged ? undefined : saved?.includes)
  const { outcome, variables } = live
  const typed = useMemo(() => typedValues(variables, values), [variables, values])
  const running = useRef<DraftRunHandle>(null)
  const [hasAnswer, setHasAnswer] = useState(false)
  const isTall = hasAnswer || declarations?.isOpen === true
  useRunAction(() => running.current?.run())

  return (
    <div
      id="try"
      tabIndex={-1}
      className={classNames(
        'flex min-w-0 scroll-mt-16 flex-col gap-8 outline-none roomy:sticky roomy:top-18 roomy:h-[calc(100dvh-6rem)] roomy:gap-6',
        // With an answer, or with details, there is more than fits beside the text: all of it scrolls as one.
        isTall && 'roomy:-mx-1 roomy:overflow-y-auto roomy:px-1',
      )}
    >
      <VariableForm
        prompt={saved?.name}
        live={live}
        values={values}
        onChange={setValues}
        declarations={declarations}
        className={isTall ? '' : 'roomy:max-h-[52%]'}
        errors={
          new Map(
            outcome?.state === 'incomplete'
              ? outcome.wrong.map(({ path, message }) => [String(path[1]), message])
              : [],
          )
        }
      />
      <Preview
        live={live}
        isChat={draft.content.kind === 'chat'}
        calls={{ target: targetOf(saved), draft: isChanged ? draft : undefined, values: typed }}
        className={isTall ? 'shrink-0 roomy:max-h-[40dvh]' : 'min-h-0 flex-1'}
        onGoTo={goTo}
      />
      <DraftRun
        handle={running}
        saved={saved}
        onFirstRun={props.onFirstRun}
        draft={draft}
        config={props.config}
        isChanged={isChanged}
        live={live}
        values={values}
        onGoTo={goTo}
        onAnswer={setHasAnswer}
      />
    </div>
  )
}

function goTo(variable: string): void {
  const field = document.getElementById(fieldId(variable))
  field?.focus()
  field?.scrollIntoView({ block: 'nearest' })
}

/** Offers the run under its keys; registered once, as the panel renders with each letter. */
function useRunAction(run: () => unknown): void {
  const latest = useRef(run)
  useEffect(() => {
    latest.current = run
  })
  useActions(
    useMemo(
      () => [
        {
          id: 'prompt.run',
          name: 'Run the draft, or go to the first missing value',
          group: 'This prompt',
          keys: 'mod+Enter',
          words: 'generate ask model test try',
          run: () => void latest.current(),
        },
      ],
      [],
    ),
  )
}

function targetOf(saved: SavedVersion | undefined): CallTarget | undefined {
  if (saved === undefined) return undefined
  const { name, version, label } = saved
  return label ? { name, label } : { name, version }
}
