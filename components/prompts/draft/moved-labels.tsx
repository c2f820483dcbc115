'use client'

import { useMemo, useState } from 'react'
import { useReasonAgainst } from '#components/access/person.tsx'
import { PRODUCTION } from '#lib/liquid/name-rules.ts'
import type { LabelState } from '#lib/prompts/schema.ts'
import { BlastRadiusNotice } from '../versions/blast-radius.tsx'
import { wholeDraft } from './check.ts'
import { type Draft, fieldsOfDraft } from './draft.ts'
import { useDraftRadii } from './use-draft-radii.ts'

interface Moving {
  /** The number that the new version is going to have. */
  version: number
  labels: readonly Pick<LabelState, 'label' | 'version'>[]
  moves: ReturnType<typeof useMovedLabels>
}

/** The labels that move to the new version, whom that would break, and whether it is meant. */
export function useMovedLabels({
  version,
  labels,
  saved,
}: Pick<Moving, 'version' | 'labels'> & { saved?: { name: string; draft: Draft } }) {
  const [accepts, setAccepts] = useState(false)
  // A first version has no callers yet, so it may be released at once; later ones are reviewed before.
  const release = useReasonAgainst('prompts:release')
  const [moved, setMoved] = useState<ReadonlySet<string>>(
    () => new Set(version === 1 && release === undefined ? [PRODUCTION] : []),
  )
  const move = (next: ReadonlySet<string>) => {
    setMoved(next)
    // What was agreed to was the move of other labels.
    setAccepts(false)
  }
  const draft = saved?.draft
  const variables = useMemo(
    () => (draft === undefined ? [] : fieldsOfDraft(wholeDraft(draft)).variables),
    [draft],
  )
  const used = labels.map(({ label }) => label).filter((label) => moved.has(label))
  const radii = useDraftRadii({ name: saved?.name, variables, version }, used)
  return {
    moved,
    move,
    accepts,
    setAccepts,
    radii,
    isHeld: radii.some(({ isHeld }) => isHeld),
    isAccepted: radii.some(({ isAccepted }) => isAccepted),
  }
}

/** Which labels move along, and what that does to those who use them. */
export function MovedLabels(moving: Moving) {
  return (
    <>
      <LabelBoxes {...moving} />
      {moving.moves.radii.map((radius) => (
        <BlastRadiusNotice key={radius.label} radius={radius} label={radius.label} />
      ))}
    </>
  )
}

/** Labels that most prompts have sooner or later are offered from the beginning. */
const USUAL = [PRODUCTION, 'staging']

function LabelBoxes({ version, labels, moves: { moved, move } }: Moving) {
  const release = useReasonAgainst('prompts:release')
  const names = [...new Set([...USUAL, ...labels.map(({ label }) => label)])]
  return (
    <fieldset>
      <legend className="mb-1 font-medium text-sm">
        {version === 1 ? 'Labels of the first version' : 'Labels that move to it'}
      </legend>
      {names.map((label) => {
        const now = labels.find((each) => each.label === label)?.version
        return (
          <label key={label} className="flex min-h-8 items-center gap-2 text-sm">
            <input
              type="checkbox"
              checked={moved.has(label)}
              disabled={label === PRODUCTION && release !== undefined}
              onChange={(event) => {
                const next = new Set(moved)
                if (event.target.checked) next.add(label)
                else next.delete(label)
                move(next)
              }}
              className="size-4 accent-(--fill)"
            />
            {label}
            {version > 1 && (
              <span className="text-ink-faint text-xs">
                {now === undefined ? 'names no version yet' : `names version ${now}`}
              </span>
            )}
          </label>
        )
      })}
      <p className="mt-1 text-ink-soft text-xs">{consequence(moved, labels)}</p>
      {release && (
        <p className="mt-1 text-ink-soft text-xs">
          {PRODUCTION} is protected. {release}
        </p>
      )}
    </fieldset>
  )
}

/** The version that agents get afterwards. */
function consequence(moved: ReadonlySet<string>, labels: Moving['labels']): string {
  if (moved.has(PRODUCTION)) return 'Agents get it as soon as it is saved.'
  const now = labels.find(({ label }) => label === PRODUCTION)?.version
  return now === undefined
    ? 'Agents get nothing until production names a version.'
    : `Agents go on getting version ${now}.`
}
