'use client'

import { useSyncExternalStore } from 'react'
import { classNames } from '#components/ui/class-names.ts'
import { counted } from '#components/ui/format.ts'
import { type Sides, SplitTable, UnifiedTable } from './diff-table.tsx'
import type { ShownField } from './shown-fields.ts'

export type DiffLayout = 'split' | 'unified'

/** The differences between two versions, part by part. */
export function FieldDiffs({
  fields,
  leftOut = 0,
  whole = [],
  sides,
  view,
  of,
}: {
  fields: readonly ShownField[]
  /** Lines that are not shown. */
  leftOut?: number
  /** Where the texts can be had whole. */
  whole?: readonly WholeText[]
  sides: Sides
  view: DiffLayout
  /** The owner of the change, where there are several on a page. */
  of?: string
}) {
  return (
    <div className="flex flex-col gap-6">
      {fields.map((field) => (
        <FieldDiff key={field.field} field={field} sides={sides} view={view} of={of} />
      ))}
      {leftOut > 0 && <LeftOut lines={leftOut} whole={whole} />}
    </div>
  )
}

/** A text to save as a file. */
export interface WholeText {
  name: string
  href: string
}

/** Says that a comparison is too long for a page. */
function LeftOut({ lines, whole }: { lines: number; whole: readonly WholeText[] }) {
  return (
    <p className="rounded-lg bg-lapis-wash px-4 py-2 text-sm">
      {`This comparison is too long to be shown whole: ${counted(lines, 'line')} are left out.`}
      {whole.map(({ name, href }, at) => (
        <span key={href}>
          {at === 0 ? ' Download ' : ' and '}
          <a href={href} download className="text-lapis underline underline-offset-2">
            {name}
          </a>
        </span>
      ))}
      {whole.length > 0 && ' to compare them whole.'}
    </p>
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
        {field.hunks.map(({ lines, old_start: start }, at) => {
          const table = { lines, sides, caption: at === 0 ? name : `${name}, from line ${start}` }
          return (
            // A hunk has no other identity than its place in a comparison that never changes.
            <div key={at} className={classNames(at > 0 && 'mt-2 border-line border-t pt-2')}>
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
          )
        })}
      </div>
    </section>
  )
}

/** From this width on two columns of text can be read. */
const WIDE = '(width >= 48rem)'

function watch(onChange: () => void): () => void {
  const query = window.matchMedia(WIDE)
  query.addEventListener('change', onChange)
  return () => query.removeEventListener('change', onChange)
}

/** Whether there is room for two columns; undefined on the server, which cannot know. */
function useIsWide(): boolean | undefined {
  return useSyncExternalStore(
    watch,
    () => window.matchMedia(WIDE).matches,
    () => undefined,
  )
}
