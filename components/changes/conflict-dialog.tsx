'use client'

import { useQuery } from '@tanstack/react-query'
import { failureText } from '#components/prompts/versions/change-failure.ts'
import { newestQuery } from '#components/prompts/versions/queries.ts'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/overlays/dialog.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'
import type { ConflictProps } from './conflict.tsx'
import { Merging } from './merging.tsx'

/** Reads the newest version and lays it beside the draft. */
export function ConflictDialog(props: ConflictProps) {
  const { name, baseVersion, mine, onClose, onResolved } = props
  const newest = useQuery({ ...newestQuery(name), refetchOnWindowFocus: false })
  return (
    <Dialog title="Two changes at the same time" isOpen isWide onOpenChange={onClose}>
      {newest.data && newest.data.version === baseVersion ? (
        <OnlyProperties onUse={() => onResolved(mine, newest.data)} />
      ) : newest.data ? (
        // Another version is another merge: choices for the former do not fit it.
        <Merging key={newest.data.version} {...props} theirs={newest.data} />
      ) : newest.error ? (
        <div className="flex flex-col items-start gap-4 text-sm">
          <p className="text-rubric">{failureText(newest.error)}</p>
          <Button onPress={() => void newest.refetch()}>Try again</Button>
        </div>
      ) : (
        <Skeleton className="h-96" />
      )}
    </Dialog>
  )
}

/** Every change to a prompt refuses a save from before it; one that made no version leaves nothing to merge. */
function OnlyProperties({ onUse }: { onUse: () => void }) {
  return (
    <>
      <p className="max-w-prose text-sm">
        Nobody saved another version: labels, tags or the like were changed. Your text fits as it is, and can
        be saved.
      </p>
      <div className="mt-5 flex justify-end">
        <Button look="primary" onPress={onUse}>
          Go on editing
        </Button>
      </div>
    </>
  )
}
