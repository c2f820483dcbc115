'use client'

import { usePathname, useRouter } from 'next/navigation'
import { useEffect, useEffectEvent, useTransition } from 'react'
import { Button } from '#components/ui/button.tsx'
import { CopyButton } from '#components/ui/copying/copy-button.tsx'
import { announce, REACHED, UNREACHABLE } from '#components/ui/part.ts'
import { WaysOn } from './ways-on.tsx'

const RETRY_MS = 3_000

/** Failures that pass by themselves, by the code of the error; the page tries again meanwhile. */
const PASSING: Readonly<Record<string, string>> = {
  unavailable: 'The database is away',
  overloaded: 'Too much work at once',
  storage_full: 'The storage is full',
  read_only: 'The database is read-only',
  lock_timeout: 'Another change holds this',
}

/** The digest of an error on the server: `code:request id`, else Next's own number. */
function readDigest(digest: string | undefined): { code: string | undefined; id: string | undefined } {
  const [, code, id] = /^([a-z_]+):(\S+)$/.exec(digest ?? '') ?? []
  return { code, id: id ?? digest }
}

/** Reads the page again when it is told to, and by itself while the failure is one that passes. */
function useRetry(isPassing: boolean, onRetry: () => void) {
  const router = useRouter()
  const [isPending, start] = useTransition()
  const retry = () =>
    start(() => {
      router.refresh()
      onRetry()
    })
  const retryByItself = useEffectEvent(retry)
  useEffect(() => {
    if (!isPassing) return
    const timer = setInterval(() => retryByItself(), RETRY_MS)
    return () => clearInterval(timer)
  }, [isPassing])
  return { retry, isPending }
}

/** Loads the document again once the server answers: a file that did not come may belong to an older release. */
function useReloadWhenReached(isNotLoaded: boolean): void {
  useEffect(() => {
    if (isNotLoaded) announce(UNREACHABLE)
    const again = () => window.location.reload()
    if (isNotLoaded) window.addEventListener(REACHED, again)
    return () => window.removeEventListener(REACHED, again)
  }, [isNotLoaded])
}

/** A page that could not be read: why, as far as that helps, and the ways on. */
export function Failure({
  digest,
  isNotLoaded = false,
  onRetry,
}: {
  digest: string | undefined
  /** A file of the page's script did not come. */
  isNotLoaded?: boolean
  onRetry: () => void
}) {
  const pathname = usePathname()
  const { code, id } = readDigest(digest)
  const passing = isNotLoaded ? 'A part of this page did not come' : PASSING[code ?? '']
  const isPassing = passing !== undefined
  const { retry, isPending } = useRetry(isPassing, onRetry)
  useReloadWhenReached(isNotLoaded)
  return (
    <div className="flex flex-col items-start gap-5 py-20">
      <h1 className="rubricated text-balance font-serif text-4xl tracking-tight sm:text-5xl">
        {passing ?? 'This page did not come out right'}
      </h1>
      <output className="block max-w-prose text-ink-soft">
        {isPassing
          ? 'Nothing is lost: what was saved is there when this is over, and the page tries again by itself.'
          : 'The server or this page met an error that nobody expected. Nothing that was saved is lost. Try again; if it stays, whoever runs the server finds more in its log.'}
      </output>
      {!isPassing && id && (
        <p className="flex flex-wrap items-center gap-x-2 text-ink-faint text-sm">
          Look there for <code className="break-all font-mono text-ink">{id}</code>
          <CopyButton name="Copy the request id" text={`${id} ${pathname}`} />
        </p>
      )}
      <WaysOn>
        <Button look="primary" onPress={retry} isDisabled={isPending}>
          {isPending ? 'Trying…' : 'Try again'}
        </Button>
      </WaysOn>
    </div>
  )
}
