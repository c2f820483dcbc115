'use client'

import { ThumbsDown, ThumbsUp } from 'lucide-react'
import { formatMoment } from '#components/ui/format.ts'
import type { Outcome } from '#lib/outcomes/schema.ts'
import { Thumbs } from './rate-answer.tsx'
import { type RatedGeneration, useRating } from './use-rating.ts'
import { pointsOfScore, ratingWords } from './words.ts'

/** The part of a generation's page that says what people and callers thought of it, and takes what the reader thinks. */
export function Ratings({ generation }: { generation: RatedGeneration }) {
  const rating = useRating(generation)
  const { ratings } = rating
  const count = (outcome: Outcome['outcome']) => ratings.filter((each) => each.outcome === outcome).length
  return (
    <section aria-labelledby="ratings-heading">
      <div className="mb-3 flex min-h-8 flex-wrap items-center justify-between gap-2">
        <h2 id="ratings-heading" className="font-serif text-xl">
          Rating
        </h2>
        <Thumbs generation={generation} of="this answer" rating={rating} />
      </div>
      {ratings.length === 0 ? (
        <p className="text-ink-faint text-sm">Nobody has rated it.</p>
      ) : (
        <>
          <p className="text-ink-soft text-sm tabular-nums">
            {ratingWords({ successes: count('success'), failures: count('failure') })}
          </p>
          <ul className="mt-2 divide-y divide-line border-line border-y">
            {ratings.map((outcome) => (
              <OutcomeItem key={outcome.id} outcome={outcome} />
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

/** One report: its thumb, who said it, its score and its note. */
export function OutcomeItem({ outcome: said }: { outcome: Outcome }) {
  const { outcome, score, note, metadata, reporter, surface, client, reported_at: at } = said
  const isGood = outcome === 'success'
  const Thumb = isGood ? ThumbsUp : ThumbsDown
  return (
    <li className="py-2.5 text-sm">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
        <Thumb aria-hidden="true" className={isGood ? 'size-4 text-moss' : 'size-4 text-rubric'} />
        <span className="sr-only">{isGood ? 'Good' : 'Bad'}</span>
        <span className="font-medium">{reporter.display}</span>
        {client !== null && surface !== 'browser' && (
          <span className="font-mono text-ink-soft text-xs">{client}</span>
        )}
        {score !== null && <span className="text-ink-soft tabular-nums">{scoreText(score)}</span>}
        <time dateTime={at} className="ml-auto text-ink-faint text-xs">
          {formatMoment(at)}
        </time>
      </p>
      {note !== null && <p className="mt-1 whitespace-pre-wrap [overflow-wrap:anywhere]">{note}</p>}
      {metadata !== null && (
        <p className="mt-1 font-mono text-ink-soft text-xs [overflow-wrap:anywhere]">
          {JSON.stringify(metadata)}
        </p>
      )}
    </li>
  )
}

function scoreText(score: number): string {
  const points = pointsOfScore(score)
  return points === undefined ? `score ${score}` : `${points} of 5`
}
