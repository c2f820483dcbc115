/**
 * Characters of a text that are code, about: from opening to closing braces. Parsing takes up to a
 * microsecond for each of them, and next to nothing for all others.
 */
export function codeLength(text: string): number {
  let length = 0
  for (let at = text.indexOf('{'); at >= 0; at = text.indexOf('{', at)) {
    const next = text.charCodeAt(at + 1)
    if (next !== 0x7b && next !== 0x25) {
      at++
      continue
    }
    const close = text.indexOf('}', at)
    const end = close < 0 ? text.length : close + 1
    length += end - at
    at = end
  }
  return length
}

/** Code that is parsed and checked on the main thread: some tens of milliseconds. */
const MOST_ON_THE_MAIN_THREAD = 50_000

/** Whether texts hold so much code that a worker has to read them. */
export function isHeavy(texts: Iterable<string>): boolean {
  let length = 0
  for (const text of texts) {
    length += codeLength(text)
    if (length > MOST_ON_THE_MAIN_THREAD) return true
  }
  return false
}
