'use client'

import { useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { useNow } from '#components/ui/use-now.ts'
import type { VersionSummary } from '#lib/prompts/schema.ts'
import type { VersionTask } from './version-dialogs.tsx'
import { VersionRow } from './version-row.tsx'

/** The versions of a prompt, newest first. Two of them that are chosen are compared. */
export function Timeline({
  name,
  versions,
  production,
  more,
  firstNow,
  onCompare,
  onTask,
}: {
  name: string
  versions: readonly VersionSummary[]
  /** The version that agents get; undefined when none. */
  production: number | undefined
  /** Reads older versions; undefined when there are none. */
  more: { load: () => void; isLoading: boolean } | undefined
  firstNow: number
  onCompare: (from: number, to: number) => void
  onTask: (task: VersionTask) => void
}) {
  const now = useNow(firstNow)
  const [picked, setPicked] = useState<number>()
  const newest = versions[0]?.version
  const pick = (version: number) => {
    if (picked === undefined) setPicked(version)
    else if (picked === version) setPicked(undefined)
    else onCompare(Math.min(picked, version), Math.max(picked, version))
  }
  return (
    <section aria-labelledby="timeline-heading" className="min-w-0">
      <h2 id="timeline-heading" className="mb-2 font-serif text-xl">
        Versions
      </h2>
      <output className="sr-only">
        {picked !== undefined && `Version ${picked} is chosen. Choose the version to compare it with.`}
      </output>
      <ol className="border-line border-t">
        {versions.map((item) => (
          <VersionRow
            key={item.version}
            name={name}
            item={item}
            isNewest={item.version === newest}
            isPicked={item.version === picked}
            production={production}
            now={now}
            onPick={pick}
            onTask={onTask}
          />
        ))}
      </ol>
      {more && (
        <Button className="mt-5" onPress={more.load} isDisabled={more.isLoading}>
          {more.isLoading ? 'Reading…' : 'Show older versions'}
        </Button>
      )}
      {picked !== undefined && <PickedVersion version={picked} onCancel={() => setPicked(undefined)} />}
    </section>
  )
}

function PickedVersion({ version, onCancel }: { version: number; onCancel: () => void }) {
  return (
    <div className="sticky bottom-4 z-20 mt-4 flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg border border-line bg-surface px-4 py-2 text-sm shadow-float">
      <p aria-hidden="true" className="flex-1">
        Compare <strong className="font-medium font-mono">v{version}</strong> with… choose another version.
      </p>
      <Button look="quiet" onPress={onCancel}>
        Cancel
      </Button>
    </div>
  )
}
