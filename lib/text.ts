/** Texts at the edges of the process: one way to cut them, and one to mend them. */

/**
 * The beginning of a text: at most `most` UTF-16 units, one less where the cut would leave half of a
 * surrogate pair. Such a half is no character: PostgreSQL and most readers of JSON refuse it.
 */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text
  return text.slice(0, isHighSurrogate(text.charCodeAt(most - 1)) ? most - 1 : most)
}

/**
 * The text with U+FFFD in the place of what can be neither stored nor sent: a NUL, half of a surrogate
 * pair. It is for texts that cannot be sent again, such as a provider's; a caller's own text is
 * refused instead.
 */
export function mendText(text: string): string {
  return (text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text).toWellFormed()
}

const ESCAPES = /\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})|\\u(0000|d[89a-f][0-9a-f]{2})|\\./gi

/** The same for a text of JSON, where such characters stand as escapes; everything else in it stays as it is. */
export function mendJson(json: string): string {
  return mendText(json).replaceAll(ESCAPES, (found, _high, _low, broken) =>
    broken === undefined ? found : '\\ufffd',
  )
}

/** Whether a text ends with the first half of a surrogate pair. */
export function endsInHalf(text: string): boolean {
  return isHighSurrogate(text.charCodeAt(text.length - 1))
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}

/** How much two words have in common, from 0 to 1: pairs of letters in both, of all of them. */
export function likeness(one: string, other: string): number {
  const pairs = pairsOf(one)
  const others = pairsOf(other)
  const shared = [...pairs].filter((pair) => others.has(pair)).length
  return (2 * shared) / Math.max(1, pairs.size + others.size)
}

function pairsOf(word: string): Set<string> {
  const padded = ` ${word.toLowerCase()} `
  return new Set(Array.from({ length: padded.length - 1 }, (_, at) => padded.slice(at, at + 2)))
}

/** Two words with less in common are no slip of the pen. */
const ALIKE = 0.6

/** The words that resemble another one, the nearest first. */
export function alike(words: readonly string[], meant: string): string[] {
  return words
    .map((word) => ({ word, fit: likeness(word, meant) }))
    .filter(({ fit }) => fit >= ALIKE)
    .toSorted((a, b) => b.fit - a.fit)
    .map(({ word }) => word)
}

/** `2.5 GB`, `812 MB`, `12 kB` */
export function printBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`
}
