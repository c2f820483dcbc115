'use client'

import { useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { counted } from '#components/ui/format.ts'
import { BreakingDialog, breakingItems } from './breaking-dialog.tsx'
import { formatBytes } from './brought/brought.ts'
import { Failure } from './failure.tsx'
import { isProblem } from './plan/sorted-items.ts'
import type { Import } from './plan/use-import.ts'
import type { Progress } from './plan/use-trial.ts'

/** The button that imports, what it will do in words, and how far it is. It follows at the foot of the page. */
export function ImportBar({
  now,
  faults,
  onStartOver,
}: {
  now: Import
  /** How many typed names cannot stand. */
  faults: number
  onStartOver: () => void
}) {
  const { trial, making } = now
  const { progress, error } = making
  const [isAsking, setAsking] = useState(false)
  const breaking = breakingItems(trial.answer?.items)
  return (
    <div className="sticky bottom-0 z-10 -mx-4 border-line border-t bg-paper px-4 py-3">
      {isAsking && <BreakingDialog items={breaking} onDo={making.run} onClose={() => setAsking(false)} />}
      {error && (
        <div className="mb-3">
          <Failure what="Nothing was imported." error={error} />
        </div>
      )}
      {progress ? (
        <Working progress={progress} onCancel={making.cancel} />
      ) : (
        <div className="flex flex-wrap items-center justify-end gap-x-4 gap-y-2">
          <p className="mr-auto min-w-0 text-ink-soft text-sm">{outlook(trial, faults)}</p>
          <Button look="quiet" onPress={onStartOver}>
            Cancel
          </Button>
          <Button
            look="primary"
            isDisabled={!trial.isCurrent || faults > 0 || countOf(trial) === 0}
            onPress={() => (breaking.length > 0 ? setAsking(true) : making.run())}
          >
            {trial.isCurrent && countOf(trial) > 0 ? `Import ${counted(countOf(trial), 'prompt')}` : 'Import'}
          </Button>
        </div>
      )}
    </div>
  )
}

/** How many prompts the import would change. */
function countOf({ answer }: Import['trial']): number {
  return answer === undefined ? 0 : answer.counts.create + answer.counts.version + movedOf(answer)
}

/** How many change without a version. */
function movedOf({ items }: NonNullable<Import['trial']['answer']>): number {
  return items.filter(({ moved }) => moved).length
}

function outlook({ answer, isCurrent, error }: Import['trial'], faults: number): string {
  if (faults > 0) return `${counted(faults, 'name')} cannot stand: see the table.`
  if (error !== undefined) return 'Not looked at yet.'
  if (answer === undefined || !isCurrent) return 'Looking at what would happen …'
  const { create, version, unchanged, skipped } = answer.counts
  const problems = answer.items.filter(isProblem).length
  const moved = movedOf(answer)
  const parts = [
    create > 0 && `${create} new`,
    version > 0 && counted(version, 'new version'),
    moved > 0 && `${moved} with other labels, category, tags or aliases`,
    unchanged > moved && `${unchanged - moved} unchanged`,
    skipped > 0 && `${skipped} left out`,
    problems > 0 && `${counted(problems, 'problem')}, left out`,
  ].filter((part) => part !== false)
  return parts.join(' · ')
}

/** How far the import is: bytes while they are sent, then the server's work, which has no measure. */
function Working({ progress: { sent, total }, onCancel }: { progress: Progress; onCancel: () => void }) {
  const isSending = total > 0 && sent < total
  const words = isSending
    ? `Sent ${formatBytes(sent)} of ${formatBytes(total)}`
    : 'The server makes the prompts …'
  return (
    <div className="flex items-center gap-4">
      <div className="min-w-0 flex-1">
        <p className="mb-1.5 text-sm tabular-nums">{words}</p>
        <progress
          aria-label="Import"
          {...(isSending ? { value: sent, max: total } : {})}
          className="import-progress block h-1.5 w-full"
        />
      </div>
      <Button look="outline" onPress={onCancel}>
        Stop
      </Button>
    </div>
  )
}
