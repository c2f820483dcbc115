'use client'

import { useState } from 'react'
import { ConflictView } from '#components/changes/conflict.tsx'
import { dialogPart } from '#components/ui/overlays/dialog-part.tsx'
import { showToast } from '#components/ui/toast.ts'
import type { Prompt } from '#lib/prompts/schema.ts'
import type { Problem } from './check.ts'
import { changedParts, draftOf, fieldsOfDraft } from './draft.ts'
import { saveVersion } from './requests.ts'
import { type Base, baseOf } from './stored-draft.ts'
import type { DraftHandle } from './use-draft.ts'
import { type SendDraft, useSave } from './use-save.ts'

const SaveDialog = dialogPart(
  async () => (await import('./save-dialog.tsx')).SaveDialog,
  ({ onClose }) => onClose(),
)

interface Written {
  prompt: Prompt
  handle: DraftHandle
  /** The version that the draft began from. */
  base: Base
}

/** The way from a draft of a prompt to its next version; `SaveVersion` shows its dialogs. */
export function useSaveVersion({
  prompt: { name },
  handle,
  base,
  onSaved,
  onGoTo,
}: Written & { onSaved: () => void; onGoTo: (problem: Problem) => void }) {
  const [isMerging, setMerging] = useState(false)
  const sendDraft: SendDraft = ({ draft, ...how }, message, idempotencyKey) =>
    saveVersion({ name, base, fields: fieldsOfDraft(draft), message, ...how, idempotencyKey })
  const save = useSave({
    handle,
    sendDraft,
    onSaved: ({ version }) => {
      showToast({ key: 'save', message: `Saved version ${version}.` })
      onSaved()
    },
    onConflict: () => setMerging(true),
    onGoTo,
  })
  return { ...save, isMerging, setMerging }
}

/** Asks for the message of a new version, and how to join it with another one that was saved meanwhile. */
export function SaveVersion({
  prompt,
  handle,
  base,
  saving,
}: Written & { saving: ReturnType<typeof useSaveVersion> }) {
  const { draft } = handle
  return (
    <>
      {saving.isOpen && (
        <SaveDialog
          version={prompt.latest_version + 1}
          parts={changedParts(draft, base.fields)}
          labels={prompt.labels}
          saved={{ name: prompt.name, draft }}
          isSaving={saving.isSaving}
          failure={saving.failure}
          wouldBreak={saving.wouldBreak}
          message={saving.message}
          onMessage={saving.setMessage}
          onSave={saving.save}
          onClose={saving.close}
        />
      )}
      <ConflictView
        name={prompt.name}
        isOpen={saving.isMerging}
        base={base.fields}
        baseVersion={base.version}
        mine={fieldsOfDraft(draft)}
        onClose={() => saving.setMerging(false)}
        onResolved={(merged, theirs) => {
          handle.rebase(baseOf(theirs), draftOf(merged))
          saving.setMerging(false)
        }}
      />
    </>
  )
}
