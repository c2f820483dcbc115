'use client'

import { FileDown } from 'lucide-react'
import { formatNumber } from '#components/ui/format.ts'
import { type FoundFile, formatBytes, type Limits } from '../brought/brought.ts'
import { FileChoice } from './file-choice.tsx'

/** Where files are dropped, and the buttons for those who do not drop. */
export function DropArea({
  limits,
  isReading,
  onFound,
}: {
  limits: Limits
  isReading: boolean
  onFound: (found: FoundFile[]) => void
}) {
  return (
    <div className="flex flex-col items-center gap-4 rounded-xl border-2 border-line-strong border-dashed bg-surface px-5 py-12 text-center">
      <FileDown aria-hidden="true" className="size-9 text-ink-faint" strokeWidth={1.25} />
      <div>
        <h2 className="text-balance font-serif text-2xl">
          {isReading ? 'Reading the files …' : 'Drop files, a folder or a zip anywhere on this page'}
        </h2>
        <p className="mx-auto mt-2 max-w-prose text-balance text-ink-soft text-sm">
          What they are is recognized. Before anything is made you see what would happen to each prompt, and
          one undo takes it all back.
        </p>
      </div>
      <div className="flex flex-wrap justify-center gap-2">
        <FileChoice isMain onFound={onFound} />
      </div>
      <p className="text-ink-faint text-xs">
        At most {formatNumber(limits.files)} files and {formatBytes(limits.bytes)} at once.
      </p>
    </div>
  )
}

/** Lies over the page while files are held above it. */
export function DropCurtain() {
  return (
    <div
      aria-hidden="true"
      className="pointer-events-none fixed inset-3 z-40 grid place-items-center rounded-2xl border-2 border-lapis border-dashed bg-paper/85"
    >
      <p className="flex items-center gap-3 font-serif text-3xl">
        <FileDown className="size-8 text-lapis" strokeWidth={1.25} />
        Let go to bring them in
      </p>
    </div>
  )
}
