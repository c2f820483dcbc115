'use client'

import dynamic from 'next/dynamic'
import { useRouter } from 'next/navigation'
import { type ReactNode, useRef, useState } from 'react'
import { ConflictView } from '#components/changes/conflict.tsx'
import { NewerVersionNotice } from '#components/changes/newer-version-notice.tsx'
import { useActions } from '#components/shell/actions.tsx'
import { showToast } from '#components/ui/toast.ts'
import type { Prompt } from '#lib/prompts/schema.ts'
import { PRODUCTION } from '#lib/prompts/template/name-rules.ts'
import type { IncludeTree } from '#lib/prompts/template/types.ts'
import { changedParts, draftOf, fieldsOfDraft } from './draft.ts'
import { DraftNotice } from './draft-notice.tsx'
import { LeaveGuard } from './leave-guard.tsx'
import { SaveBar } from './save-bar.tsx'
import { baseOf } from './stored-draft.ts'
import { useDraft } from './use-draft.ts'
import { useFollowing } from './use-following.ts'
import { type SendDraft, useSave } from './use-save.ts'
import { Workspace, type WorkspaceHandle } from './workspace.tsx'

const SaveDialog = dynamic(async () => (await import('./save-dialog.tsx')).SaveDialog)

/** The newest version of a prompt, to write the next one. */
export function Editor({
  prompt,
  includes,
  children,
}: {
  prompt: Prompt
  includes: IncludeTree
  /** What else there is to know of the prompt. */
  children?: ReactNode
}) {
  const { name, labels } = prompt
  const router = useRouter()
  const [first] = useState(() => baseOf(prompt))
  const [blank] = useState(() => draftOf(first.fields))
  const handle = useDraft(name, first, blank)
  const workspace = useRef<WorkspaceHandle>(null)
  const [isMerging, setMerging] = useState(false)
  useFollowing(prompt, handle)
  const { draft, isDirty } = handle
  const base = handle.base ?? first

  const sendDraft: SendDraft = async ({ draft: sent, labels: moved }, message, idempotencyKey) => {
    const { saveVersion } = await import('./requests.ts')
    return saveVersion({ name, base, fields: fieldsOfDraft(sent), message, labels: moved, idempotencyKey })
  }
  const save = useSave({
    handle,
    sendDraft,
    onSaved: ({ version }) => {
      showToast({ key: 'save', message: `Saved version ${version}.` })
      router.refresh()
    },
    onConflict: () => setMerging(true),
    onGoTo: (problem) => workspace.current?.goTo(problem),
  })
  useActions([
    {
      id: 'prompt.save',
      name: 'Save a version',
      group: 'This prompt',
      keys: 'mod+s',
      run: () => void save.open(),
    },
  ])
  return (
    <>
      <NewerVersionNotice name={name} baseVersion={base.version} onMerge={() => setMerging(true)} />
      <Workspace
        ref={workspace}
        handle={handle}
        refused={save.refused}
        footer={children}
        saved={{ name, version: base.version, label: labelOf(prompt, base.version), includes }}
        toolbar={
          <SaveBar
            isDirty={isDirty}
            version={base.version}
            onDiscard={handle.discard}
            onSave={() => void save.open()}
          />
        }
      >
        {prompt.redacted_at !== null && (
          <p className="mb-3 rounded-lg bg-sunken px-4 py-2 text-sm">
            The text of version {prompt.version} was erased. What you write here becomes the next version.
          </p>
        )}
        <DraftNotice handle={handle} newest={prompt.latest_version} onMerge={() => setMerging(true)} />
      </Workspace>
      {save.isOpen && (
        <SaveDialog
          version={prompt.latest_version + 1}
          parts={changedParts(draft, base.fields)}
          labels={labels}
          isSaving={save.isSaving}
          failure={save.failure}
          message={save.message}
          onMessage={save.setMessage}
          onSave={save.save}
          onClose={save.close}
        />
      )}
      <ConflictView
        name={name}
        isOpen={isMerging}
        base={base.fields}
        baseVersion={base.version}
        mine={fieldsOfDraft(draft)}
        onClose={() => setMerging(false)}
        onResolved={(merged, theirs) => {
          handle.rebase(baseOf(theirs), draftOf(merged))
          setMerging(false)
        }}
      />
      <LeaveGuard isDirty={isDirty} onDiscard={handle.discard} />
    </>
  )
}

/** Production, when that is what the draft began from: then calls need not name a version. */
function labelOf({ labels }: Prompt, version: number): string | null {
  return labels.some((state) => state.label === PRODUCTION && state.version === version) ? PRODUCTION : null
}
