'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import type { VersionFields } from '#components/changes/version-fields.ts'
import { useActions } from '#components/shell/actions.tsx'
import { Button } from '#components/ui/button.tsx'
import { dialogPart } from '#components/ui/dialog-part.tsx'
import { Field } from '#components/ui/field.tsx'
import { part } from '#components/ui/part.ts'
import { Select } from '#components/ui/select.tsx'
import { showToast } from '#components/ui/toast.ts'
import { isPromptName } from '#lib/prompts/template/name-rules.ts'
import type { CategoryFacts } from '../facts.ts'
import { keepValuesFor } from '../test/use-form-values.ts'
import { draftOf, fieldsOfDraft } from './draft.ts'
import { DraftNotice } from './draft-notice.tsx'
import { LeaveGuard } from './leave-guard.tsx'
import { NAME_ID, NameField } from './name-field.tsx'
import { BLANK, SAMPLES } from './samples.ts'
import { SaveBar } from './save-bar.tsx'
import { dropStoredDraft, readStoredName, writeStoredName } from './stored-draft.ts'
import { useDraft } from './use-draft.ts'
import { type SendDraft, useSave } from './use-save.ts'
import { Workspace, type WorkspaceHandle } from './workspace.tsx'

const loadRequests = part(() => import('./requests.ts'))

const SaveDialog = dialogPart(
  async () => (await import('./save-dialog.tsx')).SaveDialog,
  ({ onClose }) => onClose(),
)
const NO_CATEGORY = ''

/** A prompt that does not exist yet. */
export function NewPrompt({
  from,
  categories,
}: {
  /** The prompt that it begins as a copy of. */
  from: { name: string; category: string | null; tags: string[]; fields: VersionFields } | undefined
  categories: readonly CategoryFacts[]
}) {
  const key = from === undefined ? 'new' : `new from ${from.name}`
  const router = useRouter()
  const [blank] = useState(() => draftOf(from?.fields ?? BLANK))
  const handle = useDraft(key, undefined, blank)
  const [name, setName] = useStoredName(key)
  const [category, setCategory] = useState(from?.category ?? null)
  const workspace = useRef<WorkspaceHandle>(null)

  const sendDraft: SendDraft = async ({ draft }, message, idempotencyKey) => {
    const { createPrompt } = await loadRequests()
    return createPrompt(
      name,
      fieldsOfDraft(draft),
      { message, category, tags: from?.tags ?? [] },
      idempotencyKey,
    )
  }
  const save = useSave({
    handle,
    sendDraft,
    onSaved: (prompt) => {
      dropStoredDraft(key)
      writeStoredName(key, '')
      keepValuesFor(prompt.name)
      showToast({ key: 'save', message: `Created “${prompt.name}”. Agents get it by this name now.` })
      router.replace(`/prompts/${prompt.name}`)
    },
    onGoTo: (problem) => workspace.current?.goTo(problem),
  })
  const open = () => {
    if (isPromptName(name)) return void save.open()
    showToast({
      key: 'save',
      message: name === '' ? 'The prompt needs a name first.' : 'The name is not right yet.',
    })
    document.getElementById(NAME_ID)?.focus()
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
  const isUnsaved = handle.base === undefined && (handle.isDirty || name !== '')
  return (
    <>
      <div className="mb-8 grid gap-x-10 gap-y-5 lg:grid-cols-2">
        <div className="grid gap-5 sm:grid-cols-[1fr_12rem]">
          <NameField name={name} onChange={setName} />
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
          <fieldset className="flex flex-col gap-1.5">
            <legend className="mb-1.5 font-medium text-sm">Begin with</legend>
            <div className="flex flex-wrap gap-2">
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
        saved={undefined}
        toolbar={
          <SaveBar isDirty={handle.isDirty} version={undefined} onDiscard={handle.discard} onSave={open} />
        }
      >
        <DraftNotice handle={handle} newest={0} />
      </Workspace>
      {save.isOpen && (
        <SaveDialog
          version={1}
          parts={[]}
          labels={[]}
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
          setName('')
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
