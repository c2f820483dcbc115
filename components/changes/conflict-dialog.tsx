'use client'

import { useQuery } from '@tanstack/react-query'
import { failureText } from '#components/prompts/versions/change-failure.ts'
import { newestQuery } from '#components/prompts/versions/queries.ts'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'
import type { ConflictProps } from './conflict.tsx'
import { Merging } from './merging.tsx'

/** Reads the newest version and lays it beside the draft. */
export function ConflictDialog(props: ConflictProps) {
  const { name, onClose } = props
  const newest = useQuery({ ...newestQuery(name), refetchOnWindowFocus: false })
  return (
    <Dialog title="Two changes at the same time" isOpen isWide onOpenChange={onClose}>
      {newest.data ? (
        // Another version, another merge: what was chosen for the former does not fit it.
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
