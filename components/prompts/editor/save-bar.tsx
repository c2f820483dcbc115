'use client'

import { Save } from 'lucide-react'
import Link from 'next/link'
import { useReasonAgainst } from '#components/access/person.tsx'
import { Button } from '#components/ui/button.tsx'

/** Whether anything is unsaved, and the buttons to save or discard it. */
export function SaveBar({
  isDirty,
  saved,
  onDiscard,
  onSave,
}: {
  isDirty: boolean
  /** The version that the draft began from, and the one that agents get; undefined for a new prompt. */
  saved: { name: string; version: number; production: number | undefined } | undefined
  onDiscard: () => void
  onSave: () => void
}) {
  const reason = useReasonAgainst('prompts:write')
  return (
    <>
      <div className="flex min-w-0 flex-wrap gap-x-1 px-1 text-ink-faint text-xs">
        <output>
          {isDirty ? 'Unsaved changes' : saved === undefined ? 'Not saved yet' : whichOf(saved)}
        </output>
        {saved && saved.production !== undefined && saved.production !== saved.version && (
          <span>
            {isDirty && `agents get v${saved.production} `}·{' '}
            <Link
              href={`/prompts/${saved.name}/versions?from=${saved.production}&to=${saved.version}`}
              className="text-lapis underline underline-offset-2"
            >
              compare
            </Link>
          </span>
        )}
      </div>
      <div className="ml-auto flex gap-2">
        {isDirty && (
          <Button look="quiet" onPress={onDiscard}>
            Discard
          </Button>
        )}
        <Button look="primary" reason={reason} aria-keyshortcuts="Control+S Meta+S" onPress={onSave}>
          <Save aria-hidden="true" />
          Save
        </Button>
      </div>
    </>
  )
}

/** Which version is edited, and which one agents get when that is another one. */
function whichOf({ version, production }: { version: number; production: number | undefined }): string {
  if (production === version) return `Version ${version}`
  return `Editing v${version}, agents get ${production === undefined ? 'nothing yet' : `v${production}`}`
}
