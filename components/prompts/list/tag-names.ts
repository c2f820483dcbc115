import { TAG } from '../filters.ts'

/** Reads the tags that somebody typed, with commas between them; capitals and stray spaces are forgiven. */
export function readTagNames(text: string): { tags: string[]; wrong: string[] } {
  const names = text
    .split(',')
    .map((name) => name.trim().replaceAll(/\s+/g, ' ').toLowerCase())
    .filter((name) => name !== '')
  return { tags: names.filter((name) => TAG.test(name)), wrong: names.filter((name) => !TAG.test(name)) }
}
