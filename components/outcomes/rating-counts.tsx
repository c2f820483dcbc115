import { ThumbsDown, ThumbsUp } from 'lucide-react'
import { NONE } from '#components/usage/format-usage.ts'

/** How many said yes and no of an answer, for a list. */
export function RatingCounts({ successes, failures }: { successes: number; failures: number }) {
  if (successes + failures === 0) return <span className="text-ink-faint">{NONE}</span>
  return (
    <span className="inline-flex items-center justify-end gap-2">
      {successes > 0 && (
        <span className="inline-flex items-center gap-1">
          <span className="sr-only">good</span>
          <ThumbsUp aria-hidden="true" className="size-3.5 text-moss" />
          {successes}
        </span>
      )}
      {failures > 0 && (
        <span className="inline-flex items-center gap-1">
          <span className="sr-only">bad</span>
          <ThumbsDown aria-hidden="true" className="size-3.5 text-rubric" />
          {failures}
        </span>
      )}
    </span>
  )
}
