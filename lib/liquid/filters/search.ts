import type { Budget } from '../budget.ts'

/** Needles up to this long are searched by the engine: at worst needle × text, which is charged. */
const SHORT_NEEDLE = 32

/**
 * Splits in time linear in the text, whatever the needle; an empty needle gives the characters.
 * @param most parts beyond that are left out
 */
export function splitText(
  text: string,
  needle: string,
  budget: Budget,
  most: number = Number.POSITIVE_INFINITY,
): string[] {
  if (needle.length <= SHORT_NEEDLE) {
    budget.spend(text.length * (1 + (needle.length >> 3)))
    return needle === '' ? characters(text, most) : text.split(needle, Math.min(most, text.length + 1))
  }
  budget.spend(2 * (text.length + needle.length))
  const parts: string[] = []
  const table = failureTable(needle)
  let from = 0
  for (let at = findLinear(text, needle, table, 0); at >= 0; at = findLinear(text, needle, table, from)) {
    if (parts.length >= most) return parts
    parts.push(text.slice(from, at))
    from = at + needle.length
  }
  parts.push(text.slice(from))
  return parts
}

/** The first characters of a text: code points. */
function characters(text: string, most: number): string[] {
  const found: string[] = []
  for (const character of text) if (found.push(character) >= most) break
  return found
}

/** Offset of the first occurrence, or -1. */
export function findFirst(text: string, needle: string, budget: Budget): number {
  if (needle.length <= SHORT_NEEDLE) {
    budget.spend(text.length * (1 + (needle.length >> 3)))
    return text.indexOf(needle)
  }
  budget.spend(2 * (text.length + needle.length))
  return findLinear(text, needle, failureTable(needle), 0)
}

/** Offset of the last occurrence, or -1. */
export function findLast(text: string, needle: string, budget: Budget): number {
  if (needle.length <= SHORT_NEEDLE) {
    budget.spend(text.length * (1 + needle.length))
    return text.lastIndexOf(needle)
  }
  budget.spend(2 * (text.length + needle.length))
  const table = failureTable(needle)
  let last = -1
  for (let at = findLinear(text, needle, table, 0); at >= 0; at = findLinear(text, needle, table, at + 1)) {
    last = at
    // A needle that overlaps itself would be found at every step: jump by its period instead.
    budget.spend(needle.length)
  }
  return last
}

/** For every prefix of the needle the length of its longest border (Knuth, Morris and Pratt). */
function failureTable(needle: string): Uint32Array {
  const table = new Uint32Array(needle.length)
  let matched = 0
  for (let at = 1; at < needle.length; at++) {
    while (matched > 0 && needle.charCodeAt(at) !== needle.charCodeAt(matched))
      matched = table[matched - 1] ?? 0
    if (needle.charCodeAt(at) === needle.charCodeAt(matched)) matched++
    table[at] = matched
  }
  return table
}

function findLinear(text: string, needle: string, table: Uint32Array, from: number): number {
  let matched = 0
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    while (matched > 0 && code !== needle.charCodeAt(matched)) matched = table[matched - 1] ?? 0
    if (code === needle.charCodeAt(matched)) matched++
    if (matched === needle.length) return at - needle.length + 1
  }
  return -1
}
