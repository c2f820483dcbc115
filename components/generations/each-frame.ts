/**
 * Gathers what comes and hands it over once a frame: words that arrive one by one are drawn together. A page
 * that nobody sees has no frames, so it is not waited for longer than a moment.
 */
export function eachFrame<T>(take: (gathered: T[]) => void): { add: (one: T) => void; stop: () => void } {
  const LONGEST_MS = 100
  let gathered: T[] = []
  let frame = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  const stop = () => {
    cancelAnimationFrame(frame)
    clearTimeout(timer)
    timer = undefined
  }
  const flush = () => {
    stop()
    const taken = gathered
    gathered = []
    take(taken)
  }
  return {
    add(one) {
      gathered.push(one)
      if (timer !== undefined) return
      timer = setTimeout(flush, LONGEST_MS)
      frame = requestAnimationFrame(flush)
    },
    stop,
  }
}
