/** Reads again whenever it is told that something is new. */
export interface ToldReader {
  told(): void
  end(): void
}

/**
 * Reads at once when it is told, never twice at a time, and rests between two reads. What it is told meanwhile
 * makes one further read, so that nothing that was new before the last read is missing.
 * @param read a failure is its own to show
 * @param restMs how long to rest after a read
 */
export function readWhenTold(read: () => Promise<unknown>, restMs: () => number): ToldReader {
  let timer: ReturnType<typeof setTimeout> | undefined
  let isBusy = false
  let isWanted = false
  let hasEnded = false

  const begin = async (): Promise<void> => {
    isBusy = true
    isWanted = false
    await read().catch(() => undefined)
    if (hasEnded) return
    timer = setTimeout(() => {
      isBusy = false
      if (isWanted) void begin()
    }, restMs())
  }

  return {
    told() {
      isWanted = true
      if (!isBusy && !hasEnded) void begin()
    },
    end() {
      hasEnded = true
      clearTimeout(timer)
    },
  }
}
