'use client'

import { Button } from '#components/ui/button.tsx'

/** The list could not be read; what was read before stays below. */
export function ListFailure({ error, onRetry }: { error: Error; onRetry: () => void }) {
  return (
    <div
      role="alert"
      className="mb-2 flex flex-wrap items-center gap-3 rounded-lg bg-rubric-wash px-4 py-3 text-sm"
    >
      <p className="min-w-0 flex-1">
        <strong className="font-medium text-rubric">The list could not be read. </strong>
        {error.message}
      </p>
      <Button onPress={onRetry}>Try again</Button>
    </div>
  )
}
