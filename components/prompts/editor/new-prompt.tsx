'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import type { VersionFields } from '#components/changes/version-fields.ts'
import { useActions } from '#components/shell/actions.tsx'
import { Button } from '#components/ui/button.tsx'
import { Field } from '#components/ui/field.tsx'
import { focusAtOnce } from '#components/ui/focus-at-once.ts'
import { dialogPart } from '#components/ui/overlays/dialog-part.tsx'
import { Select } from '#components/ui/overlays/select.tsx'
import { showToast } from '#components/ui/toast.ts'
import { isPromptName, PRODUCTION } from '#lib/liquid/name-rules.ts'
import type { CategoryFacts } from '../facts.ts'
import type { FirstRun } from '../test/draft-run.tsx'
import { keepValuesFor } from '../test/use-form-values.ts'
import { draftOf, fieldsOfDraft } from './draft.ts'
import { DraftNotice } from './draft-notice.tsx'
import { startFirstRun } from './first-run.ts'
import { LeaveGuard } from './leave-guard.tsx'
import { NAME_ID, NameField, useNewName } from './name-field.tsx'
import { createPrompt } from './requests.ts'
import { BLANK, SAMPLES } from './samples.ts'
import { SaveBar } from './save-bar.tsx'
import { dropStoredDraft, readStoredName, writeStoredName } from './stored-draft.ts'
import { TITLE_ID, TitleField } from './title-field.tsx'
import { useDraft } from './use-draft.ts'
import { type SendDraft, useSave } from './use-save.ts'
import { Workspace, type WorkspaceHandle } from './workspace.tsx'

const SaveDialog = dialogPart(
  async () => (await import('./save-dialog.tsx')).SaveDialog,
  ({ onClose }) => onClose(),
)
const NO_CATEGORY = ''
const NO_LABELS = [] as const

/** A prompt that does not exist yet. */
export function NewPrompt({
  from,
  title = '',
  categories,
}: {
  /** The prompt that it begins as a copy of. */
  from: { name: string; category: string | null; tags: string[]; fields: VersionFields } | undefined
  /** Where it begins anew: what it is to be called. */
  title?: string | undefined
  categories: readonly CategoryFacts[]
}) {
  const key = from === undefined ? 'new' : `new from ${from.name}`
  const router = useRouter()
  const [blank] = useState(() => draftOf(from?.fields ?? { ...BLANK, title }))
  const handle = useDraft(key, undefined, blank)
  const [typedName, setTypedName] = useStoredName(key)
  const newName = useNewName(typedName, handle.draft.title)
  const { name } = newName
  const [category, setCategory] = useState(from?.category ?? null)
  const workspace = useRef<WorkspaceHandle>(null)
  /** What is to be run as soon as the prompt is there. */
  const firstRun = useRef<FirstRun>(undefined)

  const sendDraft: SendDraft = ({ draft, labels }, message, idempotencyKey) => {
    const beside = { message, category, tags: from?.tags ?? [], labels }
    return createPrompt(name, fieldsOfDraft(draft), beside, idempotencyKey)
  }
  const save = useSave({
    handle,
    sendDraft,
    onSaved: (prompt) => {
      dropStoredDraft(key)
      writeStoredName(key, '')
      keepValuesFor(prompt.name)
      const isReleased = prompt.labels.some(({ label }) => label === PRODUCTION)
      showToast({
        key: 'save',
        message: `Created “${prompt.name}”.`,
        detail: isReleased
          ? 'Agents get it by this name now.'
          : 'Agents get it once production names a version of it.',
      })
      const toPage = () => router.replace(`/prompts/${prompt.name}`)
      if (firstRun.current === undefined) toPage()
      else void startFirstRun(prompt, firstRun.current).then(toPage)
    },
    onGoTo: (problem) => workspace.current?.goTo(problem),
  })
  const isNamed = () => {
    if (isPromptName(name)) return true
    showToast({
      key: 'save',
      message: name === '' ? 'The prompt needs a title first.' : 'The name is not right yet.',
    })
    document.getElementById(name === '' ? TITLE_ID : NAME_ID)?.focus()
    return false
  }
  const open = () => {
    firstRun.current = undefined
    if (isNamed()) void save.open()
  }
  const run = (wanted: FirstRun) => {
    // Once it is saved, its page is on the way.
    if (save.isSaving || handle.base !== undefined || !isNamed()) return
    firstRun.current = wanted
    void save.saveAtOnce()
  }
  const begin = (id: string) => {
    const sample = SAMPLES.find((each) => each.id === id)
    if (sample === undefined) return
    const before = handle.draft
    handle.change({ type: 'reset', draft: draftOf(sample.fields) })
    if (handle.isDirty)
      showToast({
        key: 'sample',
        message: `Began with: ${sample.label}`,
        action: { label: 'Undo', run: () => handle.change({ type: 'reset', draft: before }) },
      })
  }
  useActions([{ id: 'prompt.save', name: 'Save the prompt', group: 'This prompt', keys: 'mod+s', run: open }])
  const isUnsaved = handle.base === undefined && (handle.isDirty || typedName !== '')
  return (
    <>
      <div className="mb-8 grid gap-x-10 gap-y-5 lg:grid-cols-2">
        <div className="grid gap-5 sm:grid-cols-2 lg:col-span-2 lg:grid-cols-[2fr_2fr_1fr]">
          <TitleField
            ref={from === undefined ? focusAtOnce : undefined}
            title={handle.draft.title}
            placeholder="Complaint answer"
            hint="What people read in lists. It can be changed with each version."
            error={undefined}
            onChange={(title) => handle.change({ type: 'set', fields: { title } })}
          />
          <NameField name={newName} onChange={setTypedName} />
          <Field id="new-category" label="Category" hint="It can be changed at any time.">
            <Select
              id="new-category"
              aria-labelledby="new-category-label"
              value={category ?? NO_CATEGORY}
              onChange={(slug) => setCategory(slug === NO_CATEGORY ? null : slug)}
              choices={[
                { id: NO_CATEGORY, label: 'None' },
                ...categories.map(({ slug, name: label }) => ({ id: slug, label })),
              ]}
            />
          </Field>
        </div>
        {from === undefined && (
          <fieldset className="flex flex-wrap items-center gap-2 lg:col-span-2">
            <legend className="float-left mr-2 font-medium text-sm leading-8">Begin with</legend>
            <div className="contents">
              {SAMPLES.map(({ id, label }) => (
                <Button key={id} look="outline" onPress={() => begin(id)}>
                  {label}
                </Button>
              ))}
            </div>
          </fieldset>
        )}
      </div>
      <Workspace
        ref={workspace}
        handle={handle}
        refused={save.refused}
        hasTitle={false}
        saved={undefined}
        onFirstRun={run}
        toolbar={
          <SaveBar isDirty={handle.isDirty} saved={undefined} onDiscard={handle.discard} onSave={open} />
        }
      >
        <DraftNotice handle={handle} newest={0} />
      </Workspace>
      {save.isOpen && (
        <SaveDialog
          version={1}
          parts={[]}
          labels={NO_LABELS}
          isSaving={save.isSaving}
          failure={save.failure}
          message={save.message}
          onMessage={save.setMessage}
          onSave={save.save}
          onClose={save.close}
        />
      )}
      <LeaveGuard
        isDirty={isUnsaved}
        onDiscard={() => {
          handle.discard()
          setTypedName('')
        }}
      />
    </>
  )
}

/** The name outlives a reload, as the draft does. */
function useStoredName(key: string): [string, (name: string) => void] {
  const [name, setName] = useState('')
  const restore = useEffectEvent(() => setName(readStoredName(key)))
  useEffect(() => queueMicrotask(() => restore()), [])
  return [
    name,
    (typed) => {
      setName(typed)
      writeStoredName(key, typed)
    },
  ]
}
