'use client'

import { ComparedVersions, type KnownComparison } from './compared-versions.tsx'
import { ComparisonBar, type ComparisonState } from './comparison-bar.tsx'
import type { VersionTask } from './version-dialogs.tsx'

/** Two versions compared, and the ways to compare others. Loaded when somebody compares. */
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
  /** What came with the page. */
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
