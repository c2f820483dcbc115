'use client'

import { FieldDiffs } from '#components/prompts/versions/field-diffs.tsx'
import { compareFields } from '#components/prompts/versions/shown-fields.ts'
import type { VersionFields } from './version-fields.ts'

/** The difference of the merged draft from the newest version, as far as everything is chosen. */
export function MergedResult({
  theirs,
  version,
  merged,
}: {
  theirs: VersionFields
  version: number
  merged: VersionFields
}) {
  const { fields, leftOut } = compareFields(theirs, merged)
  return (
    <details className="mt-5">
      <summary className="w-fit cursor-pointer rounded text-sm hover:text-rubric">
        What both together change in version {version}
      </summary>
      <div className="mt-3">
        {fields.length === 0 ? (
          <p className="text-ink-soft text-sm">Nothing: version {version} has it all.</p>
        ) : (
          <FieldDiffs
            fields={fields}
            leftOut={leftOut}
            sides={{ older: `version ${version}`, newer: 'both together' }}
            view="unified"
            of="Both together"
          />
        )}
      </div>
    </details>
  )
}
