import { createHash } from 'node:crypto'
import { isPromptName } from '../../liquid/name-rules.ts'
import { SLUG_LENGTH } from '../../slug.ts'

/** Letters that do not fall apart into a Latin one and a mark. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
}

/**
 * The name that a text becomes here: Latin letters without marks, in small ones, and "-" for all else. A text that has
 * no such letters gets a name of its own that is always the same.
 */
export function slugOf(text: string): string {
  const plain = text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[ßæœøłđðþı]/g, (letter) => LETTERS[letter] ?? '')
    .replaceAll(/\p{M}+/gu, '')
    .replaceAll(/[^a-z0-9_-]+/g, '-')
    .replace(/^[_-]+/, '')
    .slice(0, SLUG_LENGTH)
    .replace(/[_-]+$/, '')
  if (plain === '') return `prompt-${createHash('sha256').update(text).digest('hex').slice(0, 8)}`
  return isPromptName(plain) ? plain : `${plain}-prompt`
}
