'use client'

import { ArrowLeft, ArrowLeftRight } from 'lucide-react'
import { Button } from '#components/ui/button.tsx'
import { classNames } from '#components/ui/class-names.ts'
import { Select } from '#components/ui/overlays/select.tsx'
import type { DiffLayout } from './field-diffs.tsx'

export interface ComparisonState {
  from: number
  to: number
  view: DiffLayout
  ignoreSpace: boolean
}

/** Which versions are compared, and how. */
export function ComparisonBar({
  state,
  latest,
  labelsOf,
  onChange,
  onBack,
}: {
  state: ComparisonState
  latest: number
  labelsOf: (version: number) => readonly string[]
  onChange: (change: Partial<ComparisonState>) => void
  onBack: () => void
}) {
  const { from, to, view, ignoreSpace } = state
  const choices = Array.from({ length: latest }, (_, index) => {
    const version = latest - index
    return { id: String(version), label: [`v${version}`, ...labelsOf(version)].join(' · ') }
  })
  const side = (key: 'from' | 'to', name: string) => (
    <Select
      aria-label={name}
      className="min-w-0 flex-1 sm:min-w-28 sm:max-w-52 sm:flex-none [&_button]:h-8"
      choices={choices}
      value={String(state[key])}
      onChange={(id) => onChange({ [key]: Number(id) })}
    />
  )
  return (
    <div className="mb-6 flex flex-wrap items-center gap-x-6 gap-y-3">
      <Button look="quiet" className="-ml-3" onPress={onBack}>
        <ArrowLeft aria-hidden="true" />
        All versions
      </Button>
      <div className="flex w-full min-w-0 items-center gap-2 sm:w-auto">
        {side('from', 'Older version')}
        <Button
          look="quiet"
          square
          aria-label="Exchange the two versions"
          onPress={() => onChange({ from: to, to: from })}
        >
          <ArrowLeftRight aria-hidden="true" />
        </Button>
        {side('to', 'Newer version')}
      </div>
      <div className="flex flex-wrap items-center gap-x-6 gap-y-2 sm:ml-auto">
        <label className="flex min-h-8 items-center gap-2 text-sm">
          <input
            type="checkbox"
            checked={ignoreSpace}
            onChange={(event) => onChange({ ignoreSpace: event.target.checked })}
            className="size-4 accent-(--fill)"
          />
          Ignore white space
        </label>
        <fieldset className="flex rounded-md border border-line-strong max-md:hidden">
          <legend className="sr-only">Layout</legend>
          {(['split', 'unified'] as const).map((each) => (
            <label
              key={each}
              className={classNames(
                'flex h-8 cursor-pointer items-center rounded-md px-3 text-sm has-focus-visible:outline-2 has-focus-visible:outline-(--focus) has-focus-visible:outline-offset-2',
                view === each ? 'bg-hover font-medium text-ink' : 'text-ink-soft hover:text-ink',
              )}
            >
              <input
                type="radio"
                name="layout"
                className="sr-only"
                checked={view === each}
                onChange={() => onChange({ view: each })}
              />
              {each === 'split' ? 'Side by side' : 'One column'}
            </label>
          ))}
        </fieldset>
      </div>
    </div>
  )
}
