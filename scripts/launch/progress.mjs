const isTerminal = process.stderr.isTTY

/**
 * Says what is being done while it is done, and how long it took. Progress goes to stderr, so that
 * stdout is the app's (or the test report's) alone.
 * @template T
 * @param {string} title such as "Building the app (about a minute)"
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withProgress(title, work) {
  const started = Date.now()
  const elapsed = () => `${((Date.now() - started) / 1000).toFixed(isTerminal ? 0 : 1)} s`
  process.stderr.write(`${title} …${isTerminal ? '' : '\n'}`)
  // A terminal shows the seconds on the same line; a log gets a sign of life every 15 s.
  const timer = setInterval(
    () =>
      process.stderr.write(isTerminal ? `\r${title} … ${elapsed()}` : `  still at it after ${elapsed()}\n`),
    isTerminal ? 1_000 : 15_000,
  )
  try {
    const result = await work()
    process.stderr.write(isTerminal ? `\r${title} … done in ${elapsed()}\n` : `  done in ${elapsed()}\n`)
    return result
  } catch (error) {
    process.stderr.write(isTerminal ? '\n' : '')
    throw error
  } finally {
    clearInterval(timer)
  }
}
