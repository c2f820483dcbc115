'use client'

import { Archive, ArchiveRestore, Download, FolderInput, Tags, X } from 'lucide-react'
import { useState } from 'react'
import { ExportDialog } from '#components/transfer/export/export-button.tsx'
import { Button } from '#components/ui/button.tsx'
import { counted } from '#components/ui/format.ts'
import { type ListActions, namesOf } from './use-list-actions.ts'
import type { Selection } from './use-selection.ts'

/**
 * The actions on the selected rows. The bar lies over the search and follows the page down, so that nothing
 * moves when it comes.
 */
export function BulkBar({ selection, actions }: { selection: Selection; actions: ListActions }) {
  const { prompts, isReadingAll } = selection
  const { reason } = actions
  return (
    <div className="sticky top-14 z-20 h-0">
      <output className="sr-only">
        {prompts.length > 0 && !isReadingAll && `${counted(prompts.length, 'prompt')} selected`}
      </output>
      {prompts.length > 0 && (
        // Its background hides the rows that scroll below it.
        <div className="-mx-1 bg-paper pt-2 pb-2">
          <div
            role="toolbar"
            aria-label="Selected prompts"
            className="flex h-12 items-center gap-1 max-sm:gap-0 rounded-lg border border-line bg-surface px-2 shadow-float max-sm:[&_button]:px-2"
          >
            <Button look="quiet" square aria-label="Clear the selection" onPress={selection.clear}>
              <X aria-hidden="true" />
            </Button>
            <p className="mr-auto min-w-0 truncate font-medium text-sm tabular-nums" aria-hidden="true">
              {prompts.length}
              <span className="max-sm:hidden">
                {isReadingAll ? ' selected, reading the rest …' : ' selected'}
              </span>
            </p>
            <Button look="quiet" className="max-md:hidden" onPress={selection.all}>
              Select all
            </Button>
            <Button
              look="quiet"
              aria-label="Move the selected prompts"
              reason={reason}
              onPress={() => actions.open({ kind: 'move', prompts })}
            >
              <FolderInput aria-hidden="true" />
              Move
            </Button>
            <Button
              look="quiet"
              aria-label="Tag the selected prompts"
              reason={reason}
              onPress={() => actions.open({ kind: 'tags', prompts })}
            >
              <Tags aria-hidden="true" />
              Tag
            </Button>
            <ExportButton prompts={prompts} />
            <ArchiveButton prompts={prompts} actions={actions} />
          </div>
        </div>
      )}
    </div>
  )
}

/** Takes them along as files; whoever sees them may. */
function ExportButton({ prompts }: Pick<Selection, 'prompts'>) {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button look="quiet" aria-label="Export the selected prompts" onPress={() => setOpen(true)}>
        <Download aria-hidden="true" />
        <span className="max-sm:hidden">Export</span>
      </Button>
      {isOpen && <ExportDialog names={namesOf(prompts)} onClose={() => setOpen(false)} />}
    </>
  )
}

/** Archives them, or brings them back where all of them are archived. */
function ArchiveButton({ prompts, actions }: { prompts: Selection['prompts']; actions: ListActions }) {
  const isArchive = prompts.length > 0 && prompts.every(({ archived }) => archived)
  const Icon = isArchive ? ArchiveRestore : Archive
  return (
    <Button
      look="quiet"
      reason={actions.reason}
      onPress={() => actions.archive(namesOf(prompts), !isArchive)}
    >
      <Icon aria-hidden="true" />
      {isArchive ? 'Restore' : 'Archive'}
    </Button>
  )
}
