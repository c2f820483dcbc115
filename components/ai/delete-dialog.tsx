'use client'

import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/overlays/dialog.tsx'
import { showToast } from '#components/ui/toast.ts'
import type { AIConfiguration } from '#lib/ai/schema.ts'
import { call, currentEtag } from '#lib/rest/client.ts'
import type { ConfigurationEdits } from './use-configuration-edits.ts'

interface DeleteDialogProps {
  configuration: AIConfiguration
  all: readonly AIConfiguration[]
  edits: ConfigurationEdits
  onClose: () => void
}

/** Asks before it deletes. A stored key cannot be brought back, so there is no Undo. */
export function DeleteDialog({ configuration, all, edits, onClose }: DeleteDialogProps) {
  const { name, key } = configuration
  const { remove, isChanged } = useDelete(configuration, edits, onClose)
  const dependent = all.filter(({ fallback }) => fallback === name).map((each) => each.name)
  return (
    <Dialog title={`Delete ${name}`} isOpen onOpenChange={(isOpen) => !isOpen && onClose()}>
      <div className="flex flex-col gap-3 text-ink-soft">
        <p>
          Prompts can no longer be run with it.{' '}
          {key === 'stored' && 'Its stored key goes as well, and cannot be brought back. '}
          What it generated stays.
        </p>
        {dependent.length > 0 && <p>Without a fallback then: {dependent.join(', ')}.</p>}
        <p>To keep it for later, switch it off instead.</p>
        {isChanged && (
          <p role="alert" className="text-rubric text-sm">
            Somebody changed it a moment ago. Delete it all the same?
          </p>
        )}
        {remove.error && (
          <p role="alert" className="text-rubric text-sm">
            {remove.error.message}
          </p>
        )}
      </div>
      <div className="mt-6 flex justify-end gap-2">
        <Button onPress={onClose}>Cancel</Button>
        <Button look="primary" onPress={() => !remove.isPending && remove.mutate()}>
          Delete
        </Button>
      </div>
    </Dialog>
  )
}

/** Deletes a configuration; one that changed meanwhile is asked about again. */
function useDelete(configuration: AIConfiguration, edits: ConfigurationEdits, onDeleted: () => void) {
  const { name } = configuration
  const [etag, setEtag] = useState(configuration.etag)
  const [isChanged, setChanged] = useState(false)
  const remove = useMutation({
    mutationFn: async () => {
      const params = { name }
      try {
        await call('DELETE /api/ai/configurations/{name}', { params, ifMatch: etag })
        return true
      } catch (error) {
        if (currentEtag(error) === undefined) throw error
        setEtag((await call('GET /api/ai/configurations/{name}', { params })).etag)
        setChanged(true)
        return false
      }
    },
    onSuccess: async (isGone) => {
      await edits.refresh()
      if (!isGone) return
      onDeleted()
      showToast({ message: `“${name}” deleted.` })
    },
  })
  return { remove, isChanged }
}
