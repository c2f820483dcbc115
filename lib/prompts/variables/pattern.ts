import { LRUCache } from 'lru-cache'
import { RE2JS } from 're2js'

/** Longest pattern that may be declared, in UTF-16 units. */
export const MAX_PATTERN_LENGTH = 500
/** Largest compiled pattern that the configuration can allow (`limits.pattern_size`): it bounds the memory of those kept. */
export const WIDEST_PATTERN_SIZE = 5_000

const compiled = new LRUCache<string, RE2JS>({ max: 500 })

/** Why a pattern cannot be used, or undefined when it is fine. */
export function patternProblem(pattern: string): string | undefined {
  if (pattern.length > MAX_PATTERN_LENGTH) return `A pattern has at most ${MAX_PATTERN_LENGTH} characters`
  try {
    compilePattern(pattern)
    return undefined
  } catch (error) {
    return `Not a usable RE2 pattern: ${error instanceof Error ? error.message : 'unknown error'}`
  }
}

/** Instructions of a usable pattern, its repetitions written out. */
export function patternSize(pattern: string): number {
  return compilePattern(pattern).programSize()
}

/**
 * What matching a text costs at most, in instructions × characters: matching is linear, and two million take some
 * 70 ms at worst (measured on patterns that need the slowest of the engine's methods). The caller adds costs up.
 */
export function matchCost(pattern: string, length: number): number {
  return patternSize(pattern) * length
}

/** Whether the pattern occurs in the text (as in JSON Schema: anchor it with ^ and $ to match the whole). */
export function matchesPattern(pattern: string, text: string): boolean {
  return compilePattern(pattern).test(text)
}

function compilePattern(pattern: string): RE2JS {
  const known = compiled.get(pattern)
  if (known) return known
  const made = RE2JS.compile(pattern)
  if (made.programSize() <= WIDEST_PATTERN_SIZE) compiled.set(pattern, made)
  return made
}
