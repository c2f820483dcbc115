'use client'

import { RotateCcw } from 'lucide-react'
import { Button } from '#components/ui/button.tsx'
import { counted } from '#components/ui/format.ts'
import { bytesOf, formatBytes, type LeftOut } from './brought/brought.ts'
import type { Import } from './plan/use-import.ts'
import { FileChoice } from './ways/file-choice.tsx'

/** What was brought, what stayed behind, and the ways to bring more or begin again. */
export function BroughtBar({ now, onStartOver }: { now: Import; onStartOver: () => void }) {
  const { brought, leftOut, isReading } = now
  const { files, source } = brought
  const [only] = files
  const what =
    source !== undefined
      ? source.url
      : files.length === 1 && only
        ? `${only.path}, ${formatBytes(only.blob.size)}`
        : `${counted(files.length, 'file')}, ${formatBytes(bytesOf(files))}`
  const left = leftWords(leftOut)
  return (
    <section
      aria-label="What was brought"
      className="flex flex-wrap items-center gap-x-4 gap-y-3 rounded-lg border border-line bg-surface px-4 py-3"
    >
      <div className="min-w-0 flex-1">
        <p className="font-medium text-sm [overflow-wrap:anywhere]">
          {isReading ? 'Reading the files …' : what}
        </p>
        {left !== '' && <p className="mt-0.5 text-ink-faint text-xs">{left}</p>}
      </div>
      <div className="flex flex-wrap gap-2">
        {source === undefined && <FileChoice onFound={(found) => void now.addFound(found)} />}
        <Button look="quiet" onPress={onStartOver}>
          <RotateCcw aria-hidden="true" />
          Start over
        </Button>
      </div>
    </section>
  )
}

function leftWords({ hidden, packages, unreadable }: LeftOut): string {
  const parts = [
    hidden > 0 && counted(hidden, 'hidden file'),
    packages > 0 && `${counted(packages, 'file')} of node_modules`,
    unreadable.length > 0 && `${counted(unreadable.length, 'file')} that could not be read`,
  ].filter((part) => part !== false)
  return parts.length === 0 ? '' : `Left out: ${parts.join(', ')}.`
}
