'use client'

import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { fieldsOf } from '#components/changes/version-fields.ts'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/overlays/dialog.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'
import type { Prompt, PromptVersion } from '#lib/prompts/schema.ts'
import { failureText, isStale } from './change-failure.ts'
import { FieldDiffs } from './field-diffs.tsx'
import { newestQuery, versionQuery } from './queries.ts'
import { compareFields } from './shown-fields.ts'
import { useRestore } from './use-restore.ts'

/** Shows what restoring a version would change, and does it. */
export function RestoreDialog({
  name,
  version: number,
  onClose,
}: {
  name: string
  version: number
  onClose: () => void
}) {
  const newest = useQuery(newestQuery(name))
  const version = useQuery(versionQuery(name, number))
  const restore = useRestore(name)
  const failure = newest.error ?? version.error
  const run = () => {
    if (!newest.data || !version.data) return
    restore.mutate(
      { version: version.data, newest: newest.data },
      { onSuccess: onClose, onError: (error) => void (isStale(error) && newest.refetch()) },
    )
  }
  return (
    <Dialog title={`Restore version ${number}`} isOpen isWide onOpenChange={onClose}>
      {failure ? (
        <p className="text-rubric text-sm">{failureText(failure)}</p>
      ) : !newest.data || !version.data ? (
        <Skeleton className="h-48" />
      ) : (
        <WhatChanges newest={newest.data} version={version.data} />
      )}
      <div role="alert" className="text-rubric text-sm">
        {restore.error && (
          <p className="mt-4">
            {isStale(restore.error)
              ? 'Somebody else changed this prompt meanwhile. This is the difference now; nothing was restored yet.'
              : failureText(restore.error)}
          </p>
        )}
      </div>
      <div className="sticky bottom-0 -mx-5 -mb-5 mt-5 flex flex-wrap justify-end gap-2 border-line border-t bg-surface px-5 py-4">
        <Button look="outline" onPress={onClose}>
          Cancel
        </Button>
        <Button
          look="primary"
          onPress={run}
          isDisabled={!newest.data || !version.data || newest.isFetching || restore.isPending}
        >
          {restore.isPending ? 'Restoring…' : `Restore version ${number}`}
        </Button>
      </div>
    </Dialog>
  )
}

function WhatChanges({ newest, version }: { newest: Prompt; version: PromptVersion }) {
  const { fields, leftOut } = useMemo(
    () => compareFields(fieldsOf(newest), fieldsOf(version)),
    [newest, version],
  )
  const next = newest.latest_version + 1
  return (
    <>
      <p className="mb-4 max-w-prose text-ink-soft text-sm">
        Version {next} will say what version {version.version} says. Versions that were saved since stay as
        they are, and no label moves.
        {version.includes.length > 0 && ' What it includes is pinned to the present versions.'}
      </p>
      {fields.length === 0 ? (
        <p className="rounded-md bg-lapis-wash px-3 py-2 text-sm">
          Version {newest.version} says the same already.
        </p>
      ) : (
        <FieldDiffs
          fields={fields}
          leftOut={leftOut}
          sides={{ older: `version ${newest.version}, now`, newer: `version ${next}, to come` }}
          view="unified"
        />
      )}
    </>
  )
}
