'use client'

import { useMemo } from 'react'
import { FieldDiffs } from '#components/prompts/versions/field-diffs.tsx'
import { compareFields } from '#components/prompts/versions/shown-fields.ts'
import type { VersionFields } from './version-fields.ts'

/** Both changes since the version that they began from: theirs at the left, mine at the right. */
export function TwoChanges({
  base,
  baseVersion,
  mine,
  theirs,
  version,
}: {
  base: VersionFields
  baseVersion: number
  mine: VersionFields
  theirs: VersionFields
  version: number
}) {
  const older = `version ${baseVersion}`
  return (
    <div className="mt-6 grid gap-x-5 gap-y-8 md:grid-cols-2">
      <OneChange
        title="Their change"
        base={base}
        changed={theirs}
        sides={{ older, newer: `version ${version}` }}
      />
      <OneChange title="Your change" base={base} changed={mine} sides={{ older, newer: 'your draft' }} />
    </div>
  )
}

function OneChange({
  title,
  base,
  changed,
  sides,
}: {
  title: string
  base: VersionFields
  changed: VersionFields
  sides: { older: string; newer: string }
}) {
  const { fields, leftOut } = useMemo(() => compareFields(base, changed), [base, changed])
  return (
    <section aria-label={title} className="min-w-0">
      <p className="mb-2 flex items-baseline gap-2">
        <span className="font-serif text-xl">{title}</span>
        <span className="text-ink-faint text-xs">
          {sides.older} to {sides.newer}
        </span>
      </p>
      {fields.length === 0 ? (
        <p className="rounded-md bg-sunken px-3 py-2 text-sm">No difference.</p>
      ) : (
        <FieldDiffs fields={fields} leftOut={leftOut} sides={sides} view="unified" of={title} />
      )}
    </section>
  )
}
