import { foldTag, isTag } from '#lib/liquid/name-rules.ts'

/** Reads the tags that somebody typed, with commas between them; capitals and stray spaces are forgiven. */
export function readTagNames(text: string): { tags: string[]; wrong: string[] } {
  const names = text
    .split(',')
    .map(foldTag)
    .filter((name) => name !== '')
  return { tags: names.filter(isTag), wrong: names.filter((name) => !isTag(name)) }
}
