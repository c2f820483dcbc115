'use client'

import { MessageSquareText, ThumbsDown, ThumbsUp } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useReasonAgainst } from '#components/access/person.tsx'
import { Button } from '#components/ui/button.tsx'
import { classNames } from '#components/ui/class-names.ts'
import { dialogPart } from '#components/ui/overlays/dialog-part.tsx'
import { type OwnRating, type RatedGeneration, useRating } from './use-rating.ts'

const RatingDialog = dialogPart(
  async () => (await import('./rating-dialog.tsx')).RatingDialog,
  ({ onClose }) => onClose(),
)

const TOO_LATE = 'The time in which this answer could be rated is over.'

/** Two thumbs and a comment under an answer. A thumb that is pressed again takes the rating back. */
export function RateAnswer({
  generation,
  of = 'this answer',
}: {
  generation: RatedGeneration
  /** Tells answers beside each other apart, for screen readers. */
  of?: string
}) {
  return <Thumbs generation={generation} of={of} rating={useRating(generation)} />
}

/** The same over a rating that is known. */
export function Thumbs({
  generation,
  of,
  rating,
}: {
  generation: RatedGeneration
  of: string
  rating: OwnRating
}) {
  const [isOpen, setOpen] = useState(false)
  const right = useReasonAgainst('prompts:read')
  const reason = generation.receipt === null ? TOO_LATE : right
  const { own, rate, isReading } = rating
  const press = (outcome: 'success' | 'failure') => {
    if (isReading) return
    // A failure is told by useRating.
    void rate(own?.outcome === outcome ? null : { outcome }).catch(() => undefined)
  }
  const thumb = (outcome: 'success' | 'failure', name: string, icon: ReactNode) => (
    <Button
      look="quiet"
      square
      aria-label={`${name}: ${of}`}
      aria-pressed={own?.outcome === outcome}
      reason={reason}
      onPress={() => press(outcome)}
      className={classNames('h-7 w-8', own?.outcome === outcome && PRESSED[outcome])}
    >
      {icon}
    </Button>
  )
  return (
    <fieldset className="inline-flex min-w-0 items-center gap-0.5 print:hidden">
      <legend className="sr-only">Rate {of}</legend>
      {thumb('success', 'Good', <ThumbsUp aria-hidden="true" />)}
      {thumb('failure', 'Bad', <ThumbsDown aria-hidden="true" />)}
      <Button
        look="quiet"
        square
        aria-label={`Score and comment: ${of}`}
        reason={reason}
        onPress={() => setOpen(true)}
        className={classNames('h-7 w-8', hasWords(rating) && 'text-lapis')}
      >
        <MessageSquareText aria-hidden="true" />
      </Button>
      {isOpen && <RatingDialog rating={rating} onClose={() => setOpen(false)} />}
    </fieldset>
  )
}

const PRESSED = { success: 'bg-sunken text-moss', failure: 'bg-rubric-wash text-rubric' } as const

function hasWords({ own }: OwnRating): boolean {
  return own !== undefined && (own.note !== null || own.score !== null)
}
