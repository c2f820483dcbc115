/**
 * The items of a source until the signal is aborted; then it throws the signal's reason at once, whatever
 * the source does. The source is told to end, and is not waited for.
 */
export async function* untilAborted<T>(source: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]()
  let interrupt: (reason: unknown) => void = () => undefined
  const onAbort = () => interrupt(signal.reason)
  signal.addEventListener('abort', onAbort)
  let isDone = false
  try {
    for (;;) {
      signal.throwIfAborted()
      const next = iterator.next()
      const result = await new Promise<IteratorResult<T>>((resolve, reject) => {
        interrupt = reject
        next.then(resolve, reject)
      })
      if (result.done === true) {
        isDone = true
        return
      }
      yield result.value
    }
  } finally {
    signal.removeEventListener('abort', onAbort)
    if (!isDone) iterator.return?.().catch(() => undefined)
  }
}
