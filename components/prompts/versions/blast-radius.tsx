'use client'

import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { useMay } from '#components/access/person.tsx'
import { Button } from '#components/ui/button.tsx'
import { counted } from '#components/ui/format.ts'
import type { BreakingChange, Impact } from '#lib/prompts/impact/schema.ts'
import { problemOf } from '#lib/rest/client.ts'
import { failureText } from './change-failure.ts'
import { impactQuery } from './queries.ts'

/** What a move of a label does to those who use it, and whether somebody has agreed to it. */
export interface BlastRadius {
  impact: Impact | undefined
  isReading: boolean
  /** It could not be read. */
  failure: Error | null
  retry: () => void
  /** The move waits until what breaks is known and agreed to, or somebody does without knowing it. */
  isHeld: boolean
  /** Somebody agreed to what breaks. */
  isAccepted: boolean
  /** Somebody wants it all the same. */
  isWanted: boolean
  want: (isWanted: boolean) => void
}

/**
 * Reads who uses a label and whom another version would refuse.
 * @param move undefined: nothing moves
 */
export function useBlastRadius(
  name: string,
  move: { label: string; from: number; to: number } | undefined,
): BlastRadius {
  const mayRead = useMay('usage:read')
  const isAsked = mayRead && move !== undefined && move.from !== move.to
  const query = useQuery({
    ...impactQuery(name, move?.label ?? '', move?.to ?? 0),
    enabled: isAsked,
    // A move decides by what is so now.
    staleTime: 0,
  })
  const [wanted, setWanted] = useState<string>()
  const key = `${move?.label} ${move?.to}`
  const impact = isAsked && query.isFetchedAfterMount && !query.isError ? query.data : undefined
  // What an earlier look kept in memory is no answer either.
  const isUnknown = isAsked && query.isFetching && !query.isFetchedAfterMount
  const error = isAsked && query.isError ? query.error : null
  return {
    ...agreed({ impact, error, isUnknown, isWanted: wanted === key }),
    retry: () => void query.refetch(),
    want: (isOn) => setWanted(isOn ? key : undefined),
  }
}

interface Asked extends Pick<BlastRadius, 'impact' | 'isWanted'> {
  error: Error | null
  isUnknown: boolean
}

/** Whether a move waits for somebody, and what that one agreed to. */
export function agreed({ impact, error, isUnknown, isWanted }: Asked) {
  const isBreaking = impact !== undefined && impact.breaking.length > 0
  // What was refused will be refused to the move as well, with its reason: such as a label that is not there.
  const failure = (problemOf(error)?.status ?? 500) >= 500 ? error : null
  return {
    impact,
    isReading: isUnknown,
    failure,
    isWanted,
    isHeld: isUnknown || ((isBreaking || failure !== null) && !isWanted),
    // Nobody agrees to what they do not know.
    isAccepted: isBreaking && isWanted,
  }
}

/** Says who uses a label and what a move breaks; asks whether it is meant where it breaks something. */
export function BlastRadiusNotice({ radius, label }: { radius: BlastRadius; label: string }) {
  const { impact, isReading, failure } = radius
  const heading = useId()
  if (isReading) return <p className="my-3 text-ink-soft text-sm">Looking whom it would refuse …</p>
  if (failure !== null) return <Unknown radius={radius} label={label} failure={failure} />
  if (impact === undefined) return null
  const { breaking, callers, to } = impact
  const users = `${counted(callers.length + impact.callers_left_out, 'caller')} of ${label} since ${dayOf(impact.since)}`
  if (breaking.length === 0)
    return (
      <p className="my-3 text-ink-soft text-sm">
        {users}, {counted(impact.uses, 'use')}. Version {to} takes all that they give.
      </p>
    )
  const broken = callers.filter(({ breaks }) => breaks.length > 0)
  return (
    <section
      aria-labelledby={heading}
      className="my-3 rounded-lg border border-rubric bg-rubric-wash px-4 py-3 text-sm"
    >
      <h3 id={heading} className="font-medium">
        {broken.length === 0
          ? `Version ${to} takes less than what ${label} names now`
          : `Version ${to} would refuse ${counted(broken.length, 'caller')}`}
      </h3>
      <Changes changes={breaking.slice(0, SHOWN)} />
      {breaking.length > SHOWN && (
        <details className="my-2">
          <summary className="min-h-6 cursor-pointer rounded">
            {counted(breaking.length - SHOWN, 'more change')}
          </summary>
          <Changes changes={breaking.slice(SHOWN)} />
        </details>
      )}
      <p className="text-ink-soft text-xs">
        {users}. {broken.length === 0 && 'None of them gives what is refused. '}
        {breaking.some(({ change }) => change === 'narrowed') &&
          'Values are not kept: where a variable takes less, its callers may be refused.'}
      </p>
      <AllTheSame radius={radius} label={label} />
    </section>
  )
}

/** Whom the move breaks is not known: who moves the label all the same says so. */
function Unknown({ radius, label, failure }: { radius: BlastRadius; label: string; failure: Error }) {
  return (
    <div role="alert" className="my-3 rounded-lg bg-rubric-wash px-4 py-3 text-sm">
      <p>
        Who uses {label}, and whom this would refuse, could not be read. {failureText(failure)}{' '}
        <Button look="quiet" onPress={radius.retry}>
          Try again
        </Button>
      </p>
      <AllTheSame radius={radius} label={label} />
    </div>
  )
}

function AllTheSame({ radius: { isWanted, want }, label }: { radius: BlastRadius; label: string }) {
  return (
    <label className="mt-2 flex min-h-8 items-center gap-2.5">
      <input
        type="checkbox"
        checked={isWanted}
        onChange={({ target }) => want(target.checked)}
        className="size-4 shrink-0 accent-(--fill)"
      />
      Move {label} all the same
    </label>
  )
}

/** So many changes leave the question below them in sight. */
const SHOWN = 4

/** What breaks, with whom it meets: once for changes that follow one another and meet the same. */
function Changes({ changes }: { changes: readonly BreakingChange[] }) {
  return (
    <ul className="my-2 list-disc space-y-1 pl-5">
      {changes.map(({ variable, change, message, callers }, place) => {
        const met = metWords(callers)
        const isAsBefore = place > 0 && metWords(changes[place - 1]?.callers) === met
        const isLast = place === changes.length - 1 || metWords(changes[place + 1]?.callers) !== met
        return (
          <li key={`${variable} ${change}`}>
            <span className="[overflow-wrap:anywhere]">{message.replaceAll('`', '')}</span>
            {met !== undefined && isLast && (
              <span className="block text-ink-soft text-xs [overflow-wrap:anywhere]">
                {isAsBefore ? 'These meet' : 'Meets'} {met}
              </span>
            )}
          </li>
        )
      })}
    </ul>
  )
}

function metWords(callers: readonly string[] = []): string | undefined {
  if (callers.length === 0) return undefined
  const more = callers.length > 3 ? ` and ${callers.length - 3} more` : ''
  return callers.slice(0, 3).join(', ') + more
}

function dayOf(iso: string): string {
  return iso.slice(0, 10)
}
