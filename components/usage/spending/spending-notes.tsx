'use client'

import Link from 'next/link'
import { useMay } from '#components/access/person.tsx'
import { Button } from '#components/ui/button.tsx'
import { counted } from '#components/ui/format.ts'

/** It could not be read; what was read before stays below. */
export function SpendingUnread({ error, onRetry }: { error: Error; onRetry: () => void }) {
  return (
    <p role="alert" className="text-rubric text-sm">
      What it cost could not be read. {error.message}{' '}
      <Button look="quiet" onPress={onRetry}>
        Try again
      </Button>
    </p>
  )
}

/** Costs that are too low say so. */
export function Unpriced({ count }: { count: number }) {
  const maySet = useMay('ai:write')
  if (count === 0) return null
  return (
    <p className="text-ink-soft text-sm">
      The costs leave out {counted(count, 'call')} that used tokens: no price is known for{' '}
      {count === 1 ? 'it' : 'them'}.{' '}
      {maySet && (
        <Link href="/settings/ai" prefetch={false} className="text-lapis underline underline-offset-4">
          Prices of configurations
        </Link>
      )}
    </p>
  )
}
