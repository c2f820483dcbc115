'use client'

import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useReasonAgainst } from '#components/access/person.tsx'
import { fieldsOf } from '#components/changes/version-fields.ts'
import { Button } from '#components/ui/button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { formatMoment } from '#components/ui/format.ts'
import { Skeleton } from '#components/ui/skeleton.tsx'
import type { PromptVersion } from '#lib/prompts/schema.ts'
import { failureText } from './change-failure.ts'
import { ComparisonBar, type ComparisonState } from './comparison-bar.tsx'
import { FieldDiffs } from './field-diffs.tsx'
import { versionQuery } from './queries.ts'
import { compareFields, compareIncludes, type ShownComparison } from './shown-fields.ts'
import type { VersionTask } from './version-dialogs.tsx'

/** Two versions compared, and the ways to compare others. Loaded lazily. */
export function Comparison({
  name,
  state,
  known,
  latest,
  labelsOf,
  onChange,
  onBack,
  production,
  onTask,
}: {
  name: string
  state: ComparisonState
  /** The comparison that came with the page. */
  known: KnownComparison | undefined
  latest: number
  labelsOf: (version: number) => readonly string[]
  onChange: (change: Partial<ComparisonState>) => void
  onBack: () => void
  /** The version that agents get; undefined when none. */
  production: number | undefined
  onTask: (task: VersionTask) => void
}) {
  return (
    <section aria-label={`Version ${state.from} compared with version ${state.to}`}>
      <ComparisonBar state={state} latest={latest} labelsOf={labelsOf} onChange={onChange} onBack={onBack} />
      <ComparedVersions {...{ name, state, known, latest, production, onTask }} />
    </section>
  )
}

/** A comparison that came with the page. */
export interface KnownComparison extends Pick<ComparisonState, 'from' | 'to' | 'ignoreSpace'> {
  /** The older side, then the newer one. */
  versions: [VersionFacts, VersionFacts]
  comparison: ShownComparison
}

/** The facts of a version that is compared. */
export type VersionFacts = Pick<
  PromptVersion,
  'version' | 'created_at' | 'author' | 'message' | 'redacted_at' | 'includes'
>

/** How the two chosen versions differ: as the server compared them, and in the browser from then on. */
export function ComparedVersions({
  name,
  state,
  known,
  latest,
  production,
  onTask,
}: {
  name: string
  state: ComparisonState
  known: KnownComparison | undefined
  latest: number
  /** The version that agents get; undefined when none. */
  production: number | undefined
  onTask: (task: VersionTask) => void
}) {
  const { from, to, ignoreSpace } = state
  const isKnown = known?.from === from && known.to === to && known.ignoreSpace === ignoreSpace
  const older = useQuery({ ...versionQuery(name, from), enabled: !isKnown })
  const newer = useQuery({ ...versionQuery(name, to), enabled: !isKnown })
  const own = useMemo(() => {
    if (isKnown || !older.data || !newer.data) return undefined
    return compareFields(fieldsOf(older.data), fieldsOf(newer.data), { ignoreSpace })
  }, [isKnown, older.data, newer.data, ignoreSpace])
  const failure = older.error ?? newer.error
  if (failure && !isKnown)
    return <EmptyState title="These versions cannot be compared">{failureText(failure)}</EmptyState>
  const versions = isKnown ? known.versions : [older.data, newer.data]
  const comparison = isKnown ? known.comparison : own
  const [left, right] = versions
  if (!left || !right || !comparison) return <Skeleton className="h-96" />
  return (
    <>
      <h2 className="sr-only">
        Version {from} compared with version {to}
      </h2>
      <div className="mb-6 grid gap-4 md:grid-cols-2">
        {[left, right].map((version, at) => (
          // The same version can stand on both sides.
          <Facts key={at} {...{ version, latest, production, onTask }} />
        ))}
      </div>
      <Differences name={name} older={left} newer={right} comparison={comparison} state={state} />
    </>
  )
}

function Facts({
  version: { version, created_at: at, author, message, redacted_at: redacted },
  latest,
  production,
  onTask,
}: {
  version: VersionFacts
  latest: number
  production: number | undefined
  onTask: (task: VersionTask) => void
}) {
  const isBack = production !== undefined && version < production
  const [write, release] = [useReasonAgainst('prompts:write'), useReasonAgainst('prompts:release')]
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
      <div className="flex flex-wrap justify-end gap-2">
        {version !== production && !redacted && (
          <Button
            aria-label={isBack ? `Roll back to this: version ${version}` : `Promote version ${version}`}
            reason={release && write}
            onPress={() => onTask({ kind: 'promote', version })}
          >
            {isBack ? 'Roll back to this' : 'Promote'}
          </Button>
        )}
        {version < latest && !redacted && (
          <Button
            aria-label={`Restore version ${version}`}
            reason={write}
            onPress={() => onTask({ kind: 'restore', version })}
          >
            Restore
          </Button>
        )}
      </div>
    </div>
  )
}

function Differences({
  name,
  older,
  newer,
  comparison,
  state: { view, ignoreSpace },
}: {
  name: string
  older: VersionFacts
  newer: VersionFacts
  comparison: ShownComparison
  state: ComparisonState
}) {
  const fields = useMemo(() => {
    const includes = compareIncludes(older.includes, newer.includes)
    return includes === undefined ? comparison.fields : [...comparison.fields, includes]
  }, [older, newer, comparison])
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
      // Other versions have other folds.
      key={`${older.version}-${newer.version}-${ignoreSpace}`}
      fields={fields}
      leftOut={comparison.leftOut}
      whole={[older, newer].map(({ version }) => ({
        name: `version ${version}`,
        href: `/api/prompts/${name}/versions/${version}`,
      }))}
      sides={{ older: `version ${older.version}`, newer: `version ${newer.version}` }}
      view={view}
    />
  )
}
