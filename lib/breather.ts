const BREATH_MS = 8

/** For long work: call the function that it gives between two parts, and other requests run every few milliseconds. */
export function breather(): () => Promise<void> {
  let last = performance.now()
  return async () => {
    if (performance.now() - last < BREATH_MS) return
    await new Promise<void>((resolve) => void setImmediate(resolve))
    last = performance.now()
  }
}
