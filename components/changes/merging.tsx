'use client'

import { useMemo, useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { counted, formatMoment } from '#components/ui/format.ts'
import type { MergeChoice } from '#lib/prompts/comparison/merge-values.ts'
import { mergeVersions } from '#lib/prompts/comparison/version-merge.ts'
import type { Prompt } from '#lib/prompts/schema.ts'
import type { ConflictProps } from './conflict.tsx'
import { ConflictPiece } from './conflict-piece.tsx'
import { MergedResult } from './merged-result.tsx'
import { TwoChanges } from './two-changes.tsx'
import { fieldsOf } from './version-fields.ts'

/** Both changes side by side, the conflicts between them, and the result. */
export function Merging({
  base,
  baseVersion,
  mine,
  theirs,
  onClose,
  onResolved,
}: ConflictProps & { theirs: Prompt }) {
  const other = useMemo(() => fieldsOf(theirs), [theirs])
  const merge = useMemo(() => mergeVersions(base, mine, other), [base, mine, other])
  const [choices, setChoices] = useState<ReadonlyMap<string, MergeChoice>>(new Map())
  const { conflicts } = merge
  const open = conflicts.filter(({ id }) => !choices.has(id)).length
  const choose = (id: string, choice: MergeChoice) => setChoices(new Map([...choices, [id, choice]]))
  const merged = merge.build(choices)
  return (
    <>
      <p className="max-w-prose text-sm">
        <strong className="font-medium">{theirs.author.display}</strong> saved version {theirs.version} at{' '}
        {formatMoment(theirs.version_created_at)}
        {theirs.message && <> (“{theirs.message}”)</>} while you were changing version {baseVersion}. Your
        text is still here, and nothing was overwritten.
      </p>
      <TwoChanges base={base} baseVersion={baseVersion} mine={mine} theirs={other} version={theirs.version} />
      <section aria-labelledby="merge-heading" className="mt-8">
        <h3 id="merge-heading" className="font-serif text-xl">
          Together
        </h3>
        <p className="mt-1 mb-4 text-ink-soft text-sm">
          {conflicts.length === 0
            ? 'The two changes do not overlap, so they fit together as they are.'
            : `${counted(conflicts.length, 'place was', 'places were')} changed by both of you. What does not overlap is joined already.`}
        </p>
        <div className="flex flex-col gap-4">
          {conflicts.map((conflict) => (
            <ConflictPiece
              key={conflict.id}
              conflict={conflict}
              choice={choices.get(conflict.id)}
              onChoose={(choice) => choose(conflict.id, choice)}
            />
          ))}
        </div>
        <MergedResult theirs={other} version={theirs.version} merged={merged} />
      </section>
      <Decision
        open={open}
        onClose={onClose}
        onTheirs={() => onResolved(other, theirs)}
        onMine={() => onResolved(mine, theirs)}
        onBoth={() => onResolved(merged, theirs)}
      />
    </>
  )
}

function Decision({
  open,
  onClose,
  onTheirs,
  onMine,
  onBoth,
}: {
  /** How many places nobody has chosen for yet. */
  open: number
  onClose: () => void
  onTheirs: () => void
  onMine: () => void
  onBoth: () => void
}) {
  return (
    <footer className="sticky bottom-0 -mx-5 mt-6 -mb-5 flex flex-wrap items-center justify-end gap-2 border-line border-t bg-surface px-5 py-4">
      <output className="mr-auto text-ink-soft text-sm empty:hidden max-sm:w-full">
        {open > 0 && `${counted(open, 'place is', 'places are')} still to choose.`}
      </output>
      <Button look="quiet" onPress={onClose}>
        Go on editing
      </Button>
      <Button onPress={onTheirs}>Take theirs</Button>
      <Button onPress={onMine}>Keep mine</Button>
      <Button look="primary" isDisabled={open > 0} onPress={onBoth}>
        Use both
      </Button>
    </footer>
  )
}
