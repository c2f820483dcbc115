'use client'

import { useRouter } from 'next/navigation'
import { useQueryStates } from 'nuqs'
import { useRef, useState } from 'react'
import { draftOf } from '#components/prompts/draft/draft.ts'
import { SaveVersion, useSaveVersion } from '#components/prompts/draft/save-version.tsx'
import { baseOf } from '#components/prompts/draft/stored-draft.ts'
import { useDraft, useFollowing } from '#components/prompts/draft/use-draft.ts'
import type { Outcome } from '#components/prompts/test/template-engine.ts'
import { fieldId } from '#components/prompts/test/variable-field.tsx'
import { useActions } from '#components/shell/actions.tsx'
import { classNames } from '#components/ui/class-names.ts'
import { showToast } from '#components/ui/toast.ts'
import type { IncludeTree } from '#lib/liquid/types.ts'
import type { Prompt, VersionPage } from '#lib/prompts/schema.ts'
import { Answers } from './answers.tsx'
import type { Configuration } from './configuration.ts'
import { PlaygroundBar } from './playground-bar.tsx'
import { playgroundParsers } from './playground-state.ts'
import { type RunRequest, runRequest } from './run-request.ts'
import { type TakenOver, useTakeOver } from './use-take-over.ts'
import { useWritten } from './use-written.ts'
import { WritingPane, type WritingPaneHandle } from './writing-pane.tsx'

export interface PlaygroundProps {
  /** With the version that was chosen. */
  prompt: Prompt
  /** What its text includes, as it was pinned. */
  includes: IncludeTree
  /** The label or number that chose the version; neither: the newest. */
  chosen: { label?: string; version?: number }
  versions: VersionPage
  configurations: readonly Configuration[]
  /** Whether the provider that answers without a model can be used. */
  hasEcho: boolean
  taken: TakenOver | undefined
}

/** One prompt, with its text and values to change, against several configurations side by side. */
export function Playground(props: PlaygroundProps) {
  const { prompt, includes, chosen, versions, configurations, hasEcho, taken } = props
  const { name } = prompt
  const router = useRouter()
  const [, setState] = useQueryStates(playgroundParsers)
  const [first] = useState(() => baseOf(prompt))
  const [blank] = useState(() => draftOf(first.fields))
  const isNewest = chosen.label === undefined && chosen.version === undefined
  // The newest version is written on where the editor does it, so that each finds what the other left.
  const handle = useDraft(isNewest ? name : `${name} v${first.version}`, first, blank)
  const base = handle.base ?? first
  useFollowing(prompt, handle)
  const { values, setValues, live, written, isSaved } = useWritten({
    prompt: name,
    label: chosen.label,
    handle,
    base,
    includes,
  })
  useTakeOver({ taken, base, handle, values, setValues })
  const pane = useRef<WritingPaneHandle>(null)
  const [isPaneHidden, setPaneHidden] = useState(false)
  const [wasRefused, setRefused] = useState(false)
  const needed = wasRefused ? neededValues(live.outcome) : []

  const save = useSaveVersion({
    prompt,
    handle,
    base,
    onSaved() {
      if (!isNewest) void setState({ version: null, label: null }, { shallow: false })
      router.refresh()
    },
    onGoTo: (problem) => pane.current?.goTo(problem),
  })

  useActions([
    {
      id: 'playground.save',
      name: 'Save the text as a version',
      group: 'This playground',
      keys: 'mod+s',
      run: () => void save.open(),
    },
  ])

  /** What is to be run; undefined after leading to what is missing for it. */
  const prepare = (): RunRequest | undefined => {
    const outcome = live.runNow()
    setRefused(outcome?.state === 'incomplete')
    if (outcome?.state === 'incomplete') {
      setPaneHidden(false)
      const missing = new Set(neededValues(outcome))
      goToField(live.variables.find((variable) => missing.has(variable.name))?.name ?? '')
      return undefined
    }
    if (outcome?.state === 'invalid') {
      const [problem] = outcome.problems
      setPaneHidden(false)
      showToast({ key: 'run', message: 'The text is not right yet.', detail: problem?.message })
      if (problem) pane.current?.goTo({ ...problem, severity: 'error' })
      return undefined
    }
    return runRequest(written, values)
  }
  return (
    <>
      <PlaygroundBar prompt={prompt} chosen={chosen} versions={versions} isEdited={!isSaved} />
      <div
        className={classNames(
          'grid gap-x-10 gap-y-10',
          !isPaneHidden &&
            'lg:grid-cols-[minmax(0,26rem)_minmax(0,1fr)] xl:grid-cols-[minmax(0,32rem)_minmax(0,1fr)]',
        )}
      >
        <WritingPane
          ref={pane}
          isHidden={isPaneHidden}
          prompt={name}
          handle={handle}
          isEdited={!isSaved}
          version={base.version}
          live={live}
          values={values}
          needed={needed}
          onValues={setValues}
          refused={save.refused}
          onSave={() => void save.open()}
        />
        <Answers
          prompt={name}
          configurations={configurations}
          hasEcho={hasEcho}
          prepare={prepare}
          needed={needed}
          onGoTo={(variable) => {
            setPaneHidden(false)
            goToField(variable)
          }}
          isPaneHidden={isPaneHidden}
          onHidePane={setPaneHidden}
        />
      </div>
      <SaveVersion prompt={prompt} handle={handle} base={base} saving={save} />
    </>
  )
}

/** Once the pane with the fields is shown. */
function goToField(variable: string): void {
  requestAnimationFrame(() => document.getElementById(fieldId(variable))?.focus())
}

/** Names of the variables without which, or with whose values, it cannot be run. */
function neededValues(outcome: Outcome | undefined): string[] {
  if (outcome?.state !== 'incomplete') return []
  return [...outcome.missing, ...outcome.wrong.map(({ path }) => String(path[1]))]
}
