'use client'

import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { failureText } from '#components/prompts/versions/change-failure.ts'
import { Button } from '#components/ui/button.tsx'
import { counted } from '#components/ui/format.ts'
import type { VersionQuality } from '#lib/outcomes/schema.ts'
import type { QualityState } from './quality-state.ts'
import { failuresQuery } from './queries.ts'
import { OutcomeItem } from './ratings.tsx'

/** The failures of each version, read when somebody wants to see them. */
export function FailureNotes({
  prompt,
  versions,
  state,
}: {
  prompt: string
  versions: readonly VersionQuality[]
  state: QualityState
}) {
  const failing = versions.filter(({ failures }) => failures > 0)
  if (failing.length === 0) return null
  return (
    <section aria-labelledby="failures-heading">
      <h2 id="failures-heading" className="mb-3 font-serif text-2xl">
        What went wrong
      </h2>
      <ul className="divide-y divide-line border-line border-y">
        {failing.map(({ version, failures }) => (
          <li key={version} className="py-2">
            <OneVersion prompt={prompt} version={version} failures={failures} state={state} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function OneVersion({
  prompt,
  version,
  failures,
  state,
}: {
  prompt: string
  version: number
  failures: number
  state: QualityState
}) {
  const [isOpen, setOpen] = useState(false)
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary className="cursor-pointer rounded py-1 text-sm">
        <span className="font-medium">v{version}</span>{' '}
        <span className="text-ink-soft">{counted(failures, 'failure')}</span>
      </summary>
      {isOpen && <Failures prompt={prompt} version={version} state={state} />}
    </details>
  )
}

function Failures({ prompt, version, state }: { prompt: string; version: number; state: QualityState }) {
  const reading = useInfiniteQuery(failuresQuery(prompt, version, state))
  const { data, error, hasNextPage, isFetching } = reading
  if (error !== null && data === undefined)
    return (
      <p role="alert" className="py-2 text-rubric text-sm">
        {failureText(error)}{' '}
        <Button look="quiet" onPress={() => void reading.refetch()}>
          Try again
        </Button>
      </p>
    )
  if (data === undefined) return <p className="py-2 text-ink-faint text-sm">Reading …</p>
  const items = data.pages.flatMap((page) => page.items)
  return (
    <>
      {items.length === 0 && (
        <p className="py-2 text-ink-soft text-sm">
          Older than single reports are kept: only their sums are left.
        </p>
      )}
      <ul className="divide-y divide-line pl-4">
        {items.map((outcome) => (
          <OutcomeItem key={outcome.id} outcome={outcome} />
        ))}
      </ul>
      {hasNextPage && (
        <Button look="quiet" isDisabled={isFetching} onPress={() => void reading.fetchNextPage()}>
          {isFetching ? 'Reading …' : 'More'}
        </Button>
      )}
    </>
  )
}
