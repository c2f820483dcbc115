'use client'

import { useRouter } from 'next/navigation'
import { useQueryStates } from 'nuqs'
import { type RefObject, useRef, useState } from 'react'
import { draftOf } from '#components/prompts/editor/draft.ts'
import { SaveVersion, useSaveVersion } from '#components/prompts/editor/save-version.tsx'
import { baseOf } from '#components/prompts/editor/stored-draft.ts'
import { useDraft } from '#components/prompts/editor/use-draft.ts'
import { useFollowing } from '#components/prompts/editor/use-following.ts'
import type { Outcome } from '#components/prompts/test/template-engine.ts'
import { fieldId } from '#components/prompts/test/variable-field.tsx'
import { useActions } from '#components/shell/actions.tsx'
import { classNames } from '#components/ui/class-names.ts'
import { showToast } from '#components/ui/toast.ts'
import type { IncludeTree } from '#lib/liquid/types.ts'
import type { Prompt, VersionPage } from '#lib/prompts/schema.ts'
import { Answers } from './answers.tsx'
import { isNewestOf, PlaygroundBar } from './playground-bar.tsx'
import { playgroundParsers } from './playground-state.ts'
import { type RunRequest, runRequest } from './run-request.ts'
import type { Configuration } from './use-columns.ts'
import { type TakenOver, useTakeOver } from './use-take-over.ts'
import { useWritten } from './use-written.ts'
import { WritingPane, type WritingPaneHandle } from './writing-pane.tsx'

export interface PlaygroundProps {
  /** With the version that was chosen. */
  prompt: Prompt
  /** The includes of its text, as they were pinned. */
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
  const { prompt, chosen, versions, configurations, hasEcho } = props
  const { name } = prompt
  const text = useText(props)
  const { handle, base, values, setValues, live, isSaved } = text
  const pane = useRef<WritingPaneHandle>(null)
  const [isPaneHidden, setPaneHidden] = useState(false)
  const save = useSave(props, text, pane)
  const { prepare, needed } = usePrepare(text, pane, () => setPaneHidden(false))
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

type Text = ReturnType<typeof useText>

/** The draft of the text, the values, and their rendering. */
function useText({ prompt, includes, chosen, taken }: PlaygroundProps) {
  const { name } = prompt
  const [first] = useState(() => baseOf(prompt))
  const [blank] = useState(() => draftOf(first.fields))
  // The draft of the newest version is the editor's own, so that each finds the changes of the other.
  const handle = useDraft(isNewestOf(chosen) ? name : `${name} v${first.version}`, first, blank)
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
  return { handle, base, values, setValues, live, written, isSaved }
}

/** Saves the text as a version, from the button or by its key. */
function useSave(
  { prompt, chosen }: PlaygroundProps,
  { handle, base }: Text,
  pane: RefObject<WritingPaneHandle | null>,
) {
  const router = useRouter()
  const [, setState] = useQueryStates(playgroundParsers)
  const save = useSaveVersion({
    prompt,
    handle,
    base,
    onSaved() {
      if (!isNewestOf(chosen)) void setState({ version: null, label: null }, { shallow: false })
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
  return save
}

/** Makes the request of a run; a missing value gets the focus instead. */
function usePrepare(
  { live, written, values }: Text,
  pane: RefObject<WritingPaneHandle | null>,
  showPane: () => void,
) {
  const [wasRefused, setRefused] = useState(false)
  /** The request; undefined after the focus went to a missing value or a problem. */
  const prepare = (): RunRequest | undefined => {
    const outcome = live.runNow()
    setRefused(outcome?.state === 'incomplete')
    if (outcome?.state === 'incomplete') {
      showPane()
      const missing = new Set(neededValues(outcome))
      goToField(live.variables.find((variable) => missing.has(variable.name))?.name ?? '')
      return undefined
    }
    if (outcome?.state === 'invalid') {
      const [problem] = outcome.problems
      showPane()
      showToast({ key: 'run', message: 'The text is not right yet.', detail: problem?.message })
      if (problem) pane.current?.goTo({ ...problem, severity: 'error' })
      return undefined
    }
    return runRequest(written, values)
  }
  return { prepare, needed: wasRefused ? neededValues(live.outcome) : [] }
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
