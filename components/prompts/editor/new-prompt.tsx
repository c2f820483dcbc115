'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { rememberLastUsed } from '#components/ai/preferred-configuration.ts'
import type { VersionFields } from '#components/changes/version-fields.ts'
import { editorRuns, keepRunId } from '#components/playground/kept-runs.ts'
import { useActions } from '#components/shell/actions.tsx'
import { Button } from '#components/ui/button.tsx'
import { Field } from '#components/ui/field.tsx'
import { focusAtOnce } from '#components/ui/focus-at-once.ts'
import { dialogPart } from '#components/ui/overlays/dialog-part.tsx'
import { Select } from '#components/ui/overlays/select.tsx'
import { showFailure, showToast } from '#components/ui/toast.ts'
import { isPromptName, PRODUCTION } from '#lib/liquid/name-rules.ts'
import type { Prompt } from '#lib/prompts/schema.ts'
import { call } from '#lib/rest/client.ts'
import type { CategoryFacts } from '../categories-and-tags.tsx'
import { draftOf, fieldsOfDraft } from '../draft/draft.ts'
import { DraftNotice } from '../draft/draft-notice.tsx'
import { createPrompt } from '../draft/requests.ts'
import { dropStoredDraft, readStoredName, writeStoredName } from '../draft/stored-draft.ts'
import { type DraftHandle, useDraft } from '../draft/use-draft.ts'
import { type Saving, type SendDraft, useSave } from '../draft/use-save.ts'
import type { FirstRun } from '../test/draft-run.tsx'
import { keepValuesFor } from '../test/use-form-values.ts'
import { LeaveGuard } from './leave-guard.tsx'
import { NAME_ID, NameField, useNewName } from './name-field.tsx'
import { BLANK, SAMPLES, type Sample } from './samples.ts'
import { SaveBar } from './save-bar.tsx'
import { TITLE_ID, TitleField } from './title-field.tsx'
import { Workspace, type WorkspaceHandle } from './workspace.tsx'

const SaveDialog = dialogPart(
  async () => (await import('../draft/save-dialog.tsx')).SaveDialog,
  ({ onClose }) => onClose(),
)
const NO_CATEGORY = ''
const NO_LABELS = [] as const

/** A saved prompt that a new one begins as a copy of. */
interface Origin {
  name: string
  category: string | null
  tags: string[]
  fields: VersionFields
}

/** A prompt that does not exist yet. */
export function NewPrompt({
  from,
  title = '',
  categories,
}: {
  from: Origin | undefined
  /** The title that a blank prompt begins with. */
  title?: string | undefined
  categories: readonly CategoryFacts[]
}) {
  const key = from === undefined ? 'new' : `new from ${from.name}`
  const [blank] = useState(() => draftOf(from?.fields ?? { ...BLANK, title }))
  const handle = useDraft(key, undefined, blank)
  const [typedName, setTypedName] = useStoredName(key)
  const newName = useNewName(typedName, handle.draft.title)
  const [category, setCategory] = useState(from?.category ?? null)
  const facts = { name: newName.name, category, tags: from?.tags ?? [] }
  const { save, open, run, workspace } = useCreate(key, handle, facts)
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
            onChange={(typed) => handle.change({ type: 'set', fields: { title: typed } })}
          />
          <NameField name={newName} onChange={setTypedName} />
          <CategoryField category={category} categories={categories} onChange={setCategory} />
        </div>
        {from === undefined && <SampleButtons handle={handle} />}
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
      <FirstVersionDialog save={save} />
      <LeaveGuard
        isDirty={handle.base === undefined && (handle.isDirty || typedName !== '')}
        onDiscard={() => {
          handle.discard()
          setTypedName('')
        }}
      />
    </>
  )
}

function CategoryField({
  category,
  categories,
  onChange,
}: {
  category: string | null
  categories: readonly CategoryFacts[]
  onChange: (category: string | null) => void
}) {
  return (
    <Field id="new-category" label="Category" hint="It can be changed at any time.">
      <Select
        id="new-category"
        aria-labelledby="new-category-label"
        value={category ?? NO_CATEGORY}
        onChange={(slug) => onChange(slug === NO_CATEGORY ? null : slug)}
        choices={[
          { id: NO_CATEGORY, label: 'None' },
          ...categories.map(({ slug, name: label }) => ({ id: slug, label })),
        ]}
      />
    </Field>
  )
}

/** Puts a sample into the draft; a toast offers the replaced draft again. */
function SampleButtons({ handle }: { handle: DraftHandle }) {
  const begin = ({ label, fields }: Sample) => {
    const before = handle.draft
    handle.change({ type: 'reset', draft: draftOf(fields) })
    if (handle.isDirty)
      showToast({
        key: 'sample',
        message: `Began with: ${label}`,
        action: { label: 'Undo', run: () => handle.change({ type: 'reset', draft: before }) },
      })
  }
  return (
    <fieldset className="flex flex-wrap items-center gap-2 lg:col-span-2">
      <legend className="float-left mr-2 font-medium text-sm leading-8">Begin with</legend>
      <div className="contents">
        {SAMPLES.map((sample) => (
          <Button key={sample.id} look="outline" onPress={() => begin(sample)}>
            {sample.label}
          </Button>
        ))}
      </div>
    </fieldset>
  )
}

function FirstVersionDialog({ save }: { save: Saving }) {
  if (!save.isOpen) return null
  return (
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
  )
}

/** The facts that belong to a prompt and not to a version. */
interface PromptOnlyFacts {
  name: string
  category: string | null
  tags: string[]
}

/** Makes the prompt out of its draft: by saving, or by its first run, which saves before. */
function useCreate(key: string, handle: DraftHandle, { name, ...beside }: PromptOnlyFacts) {
  const router = useRouter()
  const workspace = useRef<WorkspaceHandle>(null)
  /** Started as soon as the prompt is there. */
  const firstRun = useRef<FirstRun>(undefined)
  const sendDraft: SendDraft = ({ draft, labels }, message, idempotencyKey) =>
    createPrompt(name, fieldsOfDraft(draft), { ...beside, message, labels }, idempotencyKey)
  const save = useSave({
    handle,
    sendDraft,
    onSaved: (prompt) => {
      dropStoredDraft(key)
      writeStoredName(key, '')
      keepValuesFor(prompt.name)
      announce(prompt)
      const toPage = () => router.replace(`/prompts/${prompt.name}`)
      if (firstRun.current === undefined) toPage()
      else void startFirstRun(prompt, firstRun.current).then(toPage)
    },
    onGoTo: (problem) => workspace.current?.goTo(problem),
  })
  const open = () => {
    firstRun.current = undefined
    if (isNamed(name)) void save.open()
  }
  const run = (wanted: FirstRun) => {
    // A saved prompt is already opening its page.
    if (save.isSaving || handle.base !== undefined || !isNamed(name)) return
    firstRun.current = wanted
    void save.saveAtOnce()
  }
  useActions([{ id: 'prompt.save', name: 'Save the prompt', group: 'This prompt', keys: 'mod+s', run: open }])
  return { save, open, run, workspace }
}

function announce({ name, labels }: Prompt): void {
  const isReleased = labels.some(({ label }) => label === PRODUCTION)
  showToast({
    key: 'save',
    message: `Created “${name}”.`,
    detail: isReleased
      ? 'Agents get it by this name now.'
      : 'Agents get it once production names a version of it.',
  })
}

/** Checks the name before saving; a toast names the fault, and its field takes the focus. */
function isNamed(name: string): boolean {
  if (isPromptName(name)) return true
  showToast({
    key: 'save',
    message: name === '' ? 'The prompt needs a title first.' : 'The name is not right yet.',
  })
  document.getElementById(name === '' ? TITLE_ID : NAME_ID)?.focus()
  return false
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

/** Runs a prompt that was just made; its page, which comes next, shows the answer. */
export async function startFirstRun({ name, version }: Prompt, run: FirstRun): Promise<void> {
  const { configuration } = run
  try {
    const body = { prompt: name, version, ...run }
    const { id } = await call('POST /api/generations', { body, idempotencyKey: crypto.randomUUID() })
    rememberLastUsed(configuration)
    keepRunId(editorRuns(name), configuration, id)
  } catch (error) {
    showFailure('It was saved, but not run.', error, { key: 'run' })
  }
}
