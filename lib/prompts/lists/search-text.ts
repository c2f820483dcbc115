import { cutText } from '../../text.ts'

/** What a search box holds, as the database looks for it. Everything in it is text: nothing is an operator. */
export interface SearchText {
  /** For plainto_tsquery: words in any form and order, all of them, each once. */
  text: string
  /** There is no letter or digit: the signs are looked for, such as an emoji or "%". */
  isSigns: boolean
  /** A last word of two characters, which may be the beginning of one, and what is before it. */
  typing: { head: string; prefix: string } | undefined
  /** LIKE patterns of the longer words, the longest first, all of which must occur; none for short words. */
  patterns: string[]
  /** Names that would be written like it: with "_" and with "-" for spaces. */
  names: string[]
}

const MAX_LENGTH = 500
/** A pattern needs three characters in a row to be found by index. */
const MIN_PATTERN = /[\p{L}\p{N}]{3}/u
/** More of them would make a search dearer without making it narrower. */
const MAX_WORDS = 12
const MAX_PATTERNS = 4
const NAME = /^[a-z0-9][a-z0-9_-]{0,63}$/

/** Reads a search text; undefined when it is blank. The database folds case and accents of all of it. */
export function readSearchText(q: string): SearchText | undefined {
  const said = cutText(q, MAX_LENGTH).toLowerCase().trim().split(/\s+/)
  const words = [...new Set(said)].slice(0, MAX_WORDS)
  const text = words.join(' ')
  if (text === '') return undefined
  const last = [...text.matchAll(/[\p{L}\p{N}]+/gu)].at(-1)
  if (last === undefined) return { text, isSigns: true, typing: undefined, patterns: [], names: [] }
  const [word] = last
  return {
    text,
    isSigns: false,
    typing: word.length === 2 ? { head: text.slice(0, last.index).trim(), prefix: word } : undefined,
    patterns: words
      .filter((word) => MIN_PATTERN.test(word))
      .toSorted((a, b) => b.length - a.length)
      .slice(0, MAX_PATTERNS)
      .map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`),
    names: [...new Set([said.join('_'), said.join('-')])].filter((name) => NAME.test(name)),
  }
}
