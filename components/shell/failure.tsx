'use client'

import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useEffect, useEffectEvent, useTransition } from 'react'
import { Button } from '#components/ui/button.tsx'
import { buttonClass } from '#components/ui/button-class.ts'

const RETRY_MS = 3_000

/** A page that could not be read: why, as far as that helps, and the way on. */
export function Failure({ code, onRetry }: { code: string | undefined; onRetry: () => void }) {
  const router = useRouter()
  const [isPending, start] = useTransition()
  const isAway = code === 'unavailable'
  const retry = () =>
    start(() => {
      router.refresh()
      onRetry()
    })
  const retryByItself = useEffectEvent(retry)
  useEffect(() => {
    if (!isAway) return
    const timer = setInterval(() => retryByItself(), RETRY_MS)
    return () => clearInterval(timer)
  }, [isAway])
  return (
    <div className="flex flex-col items-start gap-5 py-24">
      <h1 className="rubricated font-serif text-5xl tracking-tight">
        {isAway ? 'The database is away' : 'This page did not come out right'}
      </h1>
      <output className="block max-w-prose text-ink-soft">
        {isAway
          ? 'Nothing is lost: what was saved is there when it comes back, and this page tries again by itself.'
          : 'The server met an error that it did not expect. Its log tells more.'}
        {!isAway && code && (
          <>
            {' '}
            Look for <code className="font-mono text-sm">{code}</code>.
          </>
        )}
      </output>
      <div className="flex gap-2">
        <Button look="primary" onPress={retry} isDisabled={isPending}>
          Try again
        </Button>
        <Link href="/prompts" className={buttonClass('outline')}>
          All prompts
        </Link>
      </div>
    </div>
  )
}
