'use client'

import { useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { formatMoment } from '#components/ui/format.ts'
import type { DraftHandle } from './use-draft.ts'

/** Notices of a draft: other tabs, and a draft that was found again. */
export function DraftNotice(props: { handle: DraftHandle; newest: number; onMerge?: () => void }) {
  return (
    <>
      <output className="block">
        {props.handle.isElsewhere && (
          <span className="mb-3 block rounded-lg bg-sunken px-4 py-2 text-sm">
            Also open in another tab. Each tab keeps its own draft; whoever saves second joins the two.
          </span>
        )}
      </output>
      <FoundDraft {...props} />
    </>
  )
}

/** Says that a draft was found after a reload, and that it began from a version that is not the newest. */
function FoundDraft({
  handle,
  newest,
  onMerge,
}: {
  handle: DraftHandle
  newest: number
  onMerge?: () => void
}) {
  const { restoredAt, base, isDirty, discard } = handle
  const [seen, setSeen] = useState<number>()
  const isOld = base !== undefined && base.version < newest
  if (!isDirty || (!isOld && (restoredAt === undefined || seen === restoredAt))) return null
  return (
    <output className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-2 rounded-lg bg-lapis-wash px-4 py-2 text-sm">
      <span className="min-w-0 flex-1 basis-56">
        {restoredAt === undefined
          ? 'Your changes'
          : `Your draft of ${formatMoment(new Date(restoredAt).toISOString())} is back`}
        {isOld && (restoredAt === undefined ? ' began' : '. It began')}
        {isOld ? ` from version ${base.version}; version ${newest} is the newest.` : ', as you left it.'}
      </span>
      <span className="flex gap-2">
        <Button look="outline" onPress={discard}>
          Discard it
        </Button>
        {isOld && onMerge ? (
          <Button look="primary" onPress={onMerge}>
            Merge
          </Button>
        ) : (
          <Button look="quiet" onPress={() => setSeen(restoredAt)}>
            Keep it
          </Button>
        )}
      </span>
    </output>
  )
}
