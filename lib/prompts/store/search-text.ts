import { SLUG } from '../../slug.ts'
import { cutText } from '../../text.ts'

/** What a search box holds, as the database looks for it. Everything in it is text: nothing is an operator. */
export interface SearchText {
  /** For plainto_tsquery: words in any form and order, all of them, each once. */
  text: string
  /** There is no letter or digit: the signs are looked for, such as an emoji or "%". */
  isSigns: boolean
  /** A last word of two characters, which may be the beginning of one, and what is before it. */
  typing: { head: string; prefix: string } | undefined
  /**
   * LIKE patterns of the longer words, the longest first, and of short ones in Chinese, Japanese or Korean, all of
   * which must occur; none for other short words.
   */
  patterns: string[]
  /** Names that would be written like it: with "_" and with "-" for spaces. */
  names: string[]
}

const MAX_LENGTH = 500
/** A pattern needs three characters in a row to be found by index. */
const MIN_PATTERN = /[\p{L}\p{N}]{3}/u
/**
 * Written without spaces, or with endings that are joined on: a word of one or two of these signs is looked for
 * inside of others, as the beginning of one of the pairs that the database keeps (`search_pairs`).
 */
const PAIRED =
  /^[\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\u{20000}-\u{323af}]{1,2}$/u
/** More of them would make a search dearer without making it narrower. */
const MAX_WORDS = 12
const MAX_PATTERNS = 4

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
    patterns: [...longPatterns(words), ...pairPatterns(words)].slice(0, MAX_PATTERNS),
    names: [...new Set([said.join('_'), said.join('-')])].filter((name) => SLUG.test(name)),
  }
}

function longPatterns(words: readonly string[]): string[] {
  return words
    .filter((word) => MIN_PATTERN.test(word))
    .toSorted((a, b) => b.length - a.length)
    .map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`)
}

/** Of words that are too short for an index, where each part of them is one that the pairs begin with. */
function pairPatterns(words: readonly string[]): string[] {
  return words.flatMap((word) => {
    // The database folds full width and half width; so it is done here to see which script it is.
    const parts = word.normalize('NFKC').match(/[\p{L}\p{N}]+/gu) ?? []
    const isShort = !MIN_PATTERN.test(word) && parts.every((part) => PAIRED.test(part))
    return isShort ? parts.map((part) => `% ${part}%`) : []
  })
}
