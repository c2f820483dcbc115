'use client'

import { Failure } from '#components/shell/failure.tsx'
import { isChunkError } from '#components/ui/part.ts'

export default function WorkbenchError({
  error,
  reset,
}: {
  error: Error & { digest?: string }
  reset: () => void
}) {
  return <Failure digest={error.digest} isNotLoaded={isChunkError(error)} onRetry={reset} />
}
