'use client'

import type { UseInfiniteQueryResult } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useRef } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'

/** Far enough ahead that a wheel seldom reaches the end. */
const AHEAD = '1500px'

/** Loads on before it comes into sight; the button is for keys, screen readers and retries. */
export function MoreRows({
  isLoading,
  hasFailed,
  onMore,
}: {
  isLoading: boolean
  hasFailed: boolean
  onMore: () => void
}) {
  const end = useRef<HTMLDivElement>(null)
  const isNear = useRef(false)
  const loadIfNear = useEffectEvent(() => {
    if (isNear.current && !isLoading && !hasFailed) onMore()
  })
  useEffect(() => {
    if (!end.current) return
    const observer = new IntersectionObserver(
      (entries) => {
        isNear.current = entries.at(-1)?.isIntersecting ?? false
        loadIfNear()
      },
      { rootMargin: AHEAD },
    )
    observer.observe(end.current)
    return () => observer.disconnect()
  }, [])
  // A page that came may not have pushed the end out of sight.
  useEffect(() => {
    if (!isLoading) loadIfNear()
  }, [isLoading])
  return (
    <div ref={end} className="relative border-line border-t">
      {[0, 1, 2].map((row) => (
        <RowSkeleton key={row} />
      ))}
      <div className="absolute inset-0 grid place-items-center">
        <Button onPress={onMore} isDisabled={isLoading}>
          {isLoading ? 'Loading more…' : 'Show more'}
        </Button>
      </div>
    </div>
  )
}

/** Loads on through the pages of a query, while there are more. */
export function MorePages({
  pages,
}: {
  pages: Pick<UseInfiniteQueryResult, 'hasNextPage' | 'isFetchingNextPage' | 'error' | 'fetchNextPage'>
}) {
  if (!pages.hasNextPage) return null
  return (
    <MoreRows
      isLoading={pages.isFetchingNextPage}
      hasFailed={pages.error !== null}
      onMore={() => void pages.fetchNextPage()}
    />
  )
}

/** A row that is about to come, of its size. */
function RowSkeleton() {
  return (
    <div className="flex flex-col gap-2 border-line border-b py-4 pl-8">
      <Skeleton className="h-6 w-64 max-w-full" />
      <Skeleton className="h-5 w-[32rem] max-w-full" />
      <Skeleton className="h-4 w-44 max-w-full" />
    </div>
  )
}

/** The list could not be read; earlier rows stay below. */
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
