'use client'

import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useReasonAgainst } from '#components/access/person.tsx'
import type { CategoryFacts } from '#components/prompts/categories-and-tags.tsx'
import { categoriesQuery } from '#components/prompts/queries.ts'
import { counted } from '#components/ui/format.ts'
import { Skeleton } from '#components/ui/skeleton.tsx'
import type { Page } from '#lib/page.ts'
import type { ImportSummary } from '#lib/transfer/schema.ts'
import type { Limits } from './brought/brought.ts'
import { filesOfTransfer } from './brought/read-drop.ts'
import { BroughtBar } from './brought-bar.tsx'
import { Failure } from './failure.tsx'
import { ImportBar } from './import-bar.tsx'
import { nameFaults } from './plan/item-plan.ts'
import { type Import, useImport } from './plan/use-import.ts'
import { PastImports } from './result/past-imports.tsx'
import { ItemTable } from './table/item-table.tsx'
import { Unread } from './unread.tsx'
import { DropCurtain } from './ways/drop-area.tsx'
import { useFileDrop } from './ways/use-file-drop.ts'
import { useWays, WaysIn } from './ways/ways-in.tsx'
import { type FormatFacts, WishBar } from './wish-bar.tsx'

export interface ImportPageProps {
  limits: Limits
  /** The forms that files can have. */
  formats: readonly FormatFacts[]
  first: { imports: Page<ImportSummary>; categories: CategoryFacts[]; readAt: number }
}

/** Prompts come in: from files, pasted texts or an address, after a look at what would happen to each. */
export function ImportPage({ limits, formats, first }: ImportPageProps) {
  const reason = useReasonAgainst('prompts:write')
  if (reason !== undefined)
    return (
      <p className="max-w-prose rounded-lg bg-rubric-wash px-4 py-3">
        Nothing can be imported with your role. {reason}
      </p>
    )
  return <Importing limits={limits} formats={formats} first={first} />
}

function Importing({ limits, formats, first }: ImportPageProps) {
  const now = useImport(limits)
  const ways = useWays()
  const isBusy = now.making.progress !== undefined
  const isOver = useFileDrop(
    (transfer) => {
      if (!isBusy) void now.addFound(filesOfTransfer(transfer, limits.files))
    },
    (text) => {
      if (now.isEmpty) ways.takeText(text)
    },
  )
  const startOver = () => {
    now.startOver()
    ways.clearTexts()
  }
  return (
    <div className="flex flex-col gap-6 pb-10">
      {isOver && !isBusy && <DropCurtain />}
      <output className="sr-only">{spoken(now)}</output>
      <div hidden={!now.isEmpty}>
        <WaysIn now={now} ways={ways} />
      </div>
      {!now.isEmpty && <BroughtBar now={now} onStartOver={startOver} />}
      {now.fault !== undefined && (
        <p role="alert" className="rounded-lg bg-rubric-wash px-4 py-3 text-sm">
          {now.fault}
        </p>
      )}
      {now.isEmpty ? (
        <PastImports first={first.imports} readAt={first.readAt} />
      ) : (
        <WhatHappens now={now} formats={formats} first={first} onStartOver={startOver} />
      )}
    </div>
  )
}

/** What a screen reader hears when something changes. */
function spoken({ isReading, isEmpty, trial, making, brought }: Import): string {
  if (isReading) return 'Reading the files'
  if (isEmpty) return ''
  if (making.progress !== undefined) return 'Importing'
  if (!trial.isCurrent || trial.answer === undefined)
    return `${counted(brought.files.length, 'file')}, looking at what would happen`
  const { create, version, refused, conflict } = trial.answer.counts
  return `${create} new, ${version} new versions, ${refused} refused, ${conflict} with a name that is taken`
}

/** The settings of the whole, the table, and the button that does it. */
function WhatHappens({
  now,
  formats,
  first,
  onStartOver,
}: Pick<ImportPageProps, 'formats' | 'first'> & { now: Import; onStartOver: () => void }) {
  const { trial, edits, edit, brought } = now
  const items = trial.answer?.items
  const faults = useMemo(() => nameFaults(items ?? [], edits), [items, edits])
  const known = useQuery({
    ...categoriesQuery,
    initialData: first.categories,
    initialDataUpdatedAt: first.readAt,
  }).data
  const categories = useMemo(
    () => [
      { id: 'none', label: 'No category' },
      ...known.map(({ slug, name }) => ({ id: slug, label: name })),
    ],
    [known],
  )
  const textOf = async (path: string) => await brought.files.find((file) => file.path === path)?.blob.text()
  return (
    <>
      {trial.error && <Failure error={trial.error} what="It could not be looked at." onRetry={trial.retry} />}
      {items === undefined ? (
        trial.error === undefined && <Waiting now={now} />
      ) : (
        <>
          <WishBar now={now} formats={formats} categories={categories} />
          {items.length === 0 ? (
            <NoPrompt />
          ) : (
            <ItemTable
              items={items}
              editing={{ edits, faults, categories, edit, isOld: !trial.isCurrent }}
              textOf={textOf}
            />
          )}
          <Unread paths={trial.answer?.unread ?? []} />
        </>
      )}
      <ImportBar now={now} faults={faults.size} onStartOver={onStartOver} />
    </>
  )
}

function Waiting({ now: { trial, brought } }: { now: Import }) {
  const { sent = 0, total = 0 } = trial.progress ?? {}
  const isSending = sent < total
  return (
    <div aria-busy="true">
      <p className="mb-4 text-ink-soft text-sm">
        {brought.source !== undefined
          ? 'Fetching the prompts …'
          : isSending
            ? `Sending, ${Math.floor((100 * sent) / total)} % …`
            : 'Looking at what would happen …'}
      </p>
      {[0, 1, 2, 3].map((row) => (
        <Skeleton key={row} className="mb-3 h-9" />
      ))}
    </div>
  )
}

function NoPrompt() {
  return (
    <p className="border-line border-t py-10 text-ink-soft">
      There is no prompt in there that Incipit knows how to read. Choose the format above where you know it.
    </p>
  )
}
