'use client'

import { Button } from '#components/ui/button.tsx'
import { whyNot } from './result/use-undo-import.ts'

/** Says in place why something was not done; what was typed and brought stays. */
export function Failure({
  what,
  error,
  onRetry,
}: {
  what: string
  error: Error
  onRetry?: (() => void) | undefined
}) {
  return (
    <div
      role="alert"
      className="flex flex-wrap items-start gap-3 rounded-lg bg-rubric-wash px-4 py-3 text-sm"
    >
      <p className="min-w-0 flex-1 whitespace-pre-line [overflow-wrap:anywhere]">
        <strong className="font-medium text-rubric">{what} </strong>
        {whyNot(error)}
      </p>
      {onRetry && <Button onPress={onRetry}>Try again</Button>}
    </div>
  )
}
