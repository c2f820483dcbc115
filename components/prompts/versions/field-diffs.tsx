'use client'

import { classNames } from '#components/ui/class-names.ts'
import { counted } from '#components/ui/format.ts'
import { type Sides, SplitTable, UnifiedTable } from './diff-table.tsx'
import type { ShownField } from './shown-fields.ts'
import { useIsWide } from './use-is-wide.ts'

export type DiffLayout = 'split' | 'unified'

/** What differs between two versions, part by part. */
export function FieldDiffs({
  fields,
  sides,
  view,
  of,
}: {
  fields: readonly ShownField[]
  sides: Sides
  view: DiffLayout
  /** Whose change it is, where there are several on a page. */
  of?: string
}) {
  return (
    <div className="flex flex-col gap-6">
      {fields.map((field) => (
        <FieldDiff key={field.field} field={field} sides={sides} view={view} of={of} />
      ))}
    </div>
  )
}

function FieldDiff({
  field,
  sides,
  view,
  of,
}: {
  field: ShownField
  sides: Sides
  view: DiffLayout
  of: string | undefined
}) {
  const name = of === undefined ? field.title : `${of}: ${field.title}`
  const isWide = useIsWide()
  const lines = field.hunks.flatMap((hunk) => hunk.lines)
  const table = { lines, sides, caption: name }
  // The server cannot know the width: it sends both, and the style sheet shows the one that fits.
  const showsSplit = view === 'split' && isWide !== false
  const showsUnified = view === 'unified' || isWide !== true
  return (
    <section aria-label={name} className="min-w-0 rounded-xl border border-line bg-surface">
      <div className="flex items-baseline gap-3 border-line border-b px-4 py-2.5">
        <h3 className="font-medium text-sm">{field.title}</h3>
        <p className="ml-auto font-mono text-xs">
          <span className="text-moss">
            <span aria-hidden="true">+{field.added}</span>
            <span className="sr-only">{counted(field.added, 'line')} added, </span>
          </span>{' '}
          <span className="text-rubric">
            <span aria-hidden="true">−{field.removed}</span>
            <span className="sr-only">{counted(field.removed, 'line')} removed</span>
          </span>
        </p>
      </div>
      <div className="py-2">
        {showsSplit && (
          <div className={classNames(isWide === undefined && 'max-md:hidden')}>
            <SplitTable {...table} />
          </div>
        )}
        {showsUnified && (
          <div className={classNames(view === 'split' && isWide === undefined && 'md:hidden')}>
            <UnifiedTable {...table} />
          </div>
        )}
      </div>
    </section>
  )
}
