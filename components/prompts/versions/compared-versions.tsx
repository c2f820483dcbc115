'use client'

import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { fieldsOf } from '#components/changes/version-fields.ts'
import { Button } from '#components/ui/button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { formatMoment } from '#components/ui/format.ts'
import { Skeleton } from '#components/ui/skeleton.tsx'
import type { PromptVersion } from '#lib/prompts/schema.ts'
import { failureText } from './change-failure.ts'
import type { ComparisonState } from './comparison-bar.tsx'
import { FieldDiffs } from './field-diffs.tsx'
import { versionQuery } from './queries.ts'
import { compareFields, compareIncludes } from './shown-fields.ts'

/** How the two chosen versions differ. */
export function ComparedVersions({
  name,
  state,
  known,
  latest,
  onRestore,
}: {
  name: string
  state: ComparisonState
  /** Versions that came with the page. */
  known: readonly PromptVersion[]
  latest: number
  onRestore: (version: number) => void
}) {
  const older = useVersion(name, state.from, known)
  const newer = useVersion(name, state.to, known)
  const failure = older.error ?? newer.error
  if (failure)
    return <EmptyState title="These versions cannot be compared">{failureText(failure)}</EmptyState>
  if (!older.data || !newer.data) return <Skeleton className="h-96" />
  return (
    <>
      <h2 className="sr-only">
        Version {state.from} compared with version {state.to}
      </h2>
      <div className="mb-6 grid gap-4 md:grid-cols-2">
        {[older.data, newer.data].map((version, at) => (
          // The same version can stand on both sides.
          <VersionFacts key={at} version={version} latest={latest} onRestore={onRestore} />
        ))}
      </div>
      <Differences older={older.data} newer={newer.data} state={state} />
    </>
  )
}

function useVersion(name: string, version: number, known: readonly PromptVersion[]) {
  const initialData = known.find((each) => each.version === version)
  return useQuery({ ...versionQuery(name, version), ...(initialData === undefined ? {} : { initialData }) })
}

function VersionFacts({
  version: { version, created_at: at, author, message, redacted_at: redacted },
  latest,
  onRestore,
}: {
  version: PromptVersion
  latest: number
  onRestore: (version: number) => void
}) {
  return (
    <div className="flex items-start gap-3 border-line border-t pt-3 text-sm">
      <div className="min-w-0 flex-1">
        <p>
          <span className="font-medium font-mono">v{version}</span>{' '}
          <span className="text-ink-faint">
            {formatMoment(at)} · {author.display}
          </span>
        </p>
        <p className="mt-0.5 text-ink-soft [overflow-wrap:anywhere]">{message || 'No message'}</p>
        {redacted && <p className="mt-0.5 text-ink-faint">The text of this version was erased.</p>}
      </div>
      {version < latest && !redacted && (
        <Button aria-label={`Restore version ${version}`} onPress={() => onRestore(version)}>
          Restore
        </Button>
      )}
    </div>
  )
}

function Differences({
  older,
  newer,
  state: { view, ignoreSpace },
}: {
  older: PromptVersion
  newer: PromptVersion
  state: ComparisonState
}) {
  const fields = useMemo(() => {
    const includes = compareIncludes(older.includes, newer.includes)
    const own = compareFields(fieldsOf(older), fieldsOf(newer), { ignoreSpace })
    return includes === undefined ? own : [...own, includes]
  }, [older, newer, ignoreSpace])
  if (fields.length === 0)
    return (
      <EmptyState title="No difference">
        {older.version === newer.version
          ? 'Both sides are the same version.'
          : ignoreSpace
            ? 'The two versions say the same, but for white space.'
            : 'The two versions say the same.'}
      </EmptyState>
    )
  return (
    <FieldDiffs
      // Other versions, other folds.
      key={`${older.version}-${newer.version}-${ignoreSpace}`}
      fields={fields}
      sides={{ older: `version ${older.version}`, newer: `version ${newer.version}` }}
      view={view}
    />
  )
}
