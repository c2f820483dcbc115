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

/** Those of some words that somebody may have meant by another, the nearest first. */
export function alike(words: readonly string[], meant: string): string[] {
  return words
    .map((word) => ({ word, fit: likeness(word, meant) }))
    .filter(({ fit }) => fit >= ALIKE)
    .toSorted((a, b) => b.fit - a.fit)
    .map(({ word }) => word)
}
