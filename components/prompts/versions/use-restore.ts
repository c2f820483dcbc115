'use client'

import { useMutation } from '@tanstack/react-query'
import { bodyOf, fieldsOf } from '#components/changes/version-fields.ts'
import { showToast } from '#components/ui/toast.ts'
import type { Prompt, PromptVersion } from '#lib/prompts/schema.ts'
import { call } from '#lib/rest/client.ts'
import { showUndoFailure } from './change-failure.ts'
import { useVersionChanged } from './queries.ts'

type Restored = Parameters<typeof fieldsOf>[0] & Pick<PromptVersion, 'version'>

/**
 * Makes a new version with the content of an older one. The toast undoes it by making another, out of the
 * version that was the newest before.
 */
export function useRestore(name: string) {
  const changed = useVersionChanged(name)
  const restore = (version: Restored, etag: string): Promise<Prompt> => {
    const body = { ...bodyOf(fieldsOf(version)), message: `Restore version ${version.version}` }
    return call('POST /api/prompts/{name}/versions', { params: { name }, ifMatch: etag, body })
  }
  const undo = async (previous: Prompt, made: Prompt) => {
    try {
      const again = await restore(previous, made.etag)
      showToast({ message: `Version ${previous.version} is back, as version ${again.version}` })
    } catch (error) {
      showUndoFailure(error)
    }
    changed()
  }
  return useMutation({
    mutationFn: ({ version, newest }: { version: PromptVersion; newest: Prompt }) =>
      restore(version, newest.etag),
    onSuccess: (made, { version, newest }) => {
      showToast({
        message: `Version ${version.version} is restored as version ${made.version}`,
        action: { label: 'Undo', run: () => void undo(newest, made) },
      })
      changed()
    },
  })
}
