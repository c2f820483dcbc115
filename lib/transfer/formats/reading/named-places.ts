import { allowedName } from '../../../liquid/analyse.ts'
import type { SourceText } from './content.ts'
import { inRaw } from './raw.ts'

/** A text whose places for values are found by a pattern, and nothing else in it is a template. */
export interface PlacedText {
  text: SourceText
  /** The names, as they stand in the text now, each with what the pattern's second group found. */
  names: Map<string, string | undefined>
}

/**
 * Makes Liquid of a literal text with places of one kind, such as `$ARGUMENTS` or `${name:default}`.
 * @param pattern global; its first group is the name, its second more about it
 * @param nameOf the variable that the first group means
 */
export function withPlaces(
  source: string,
  pattern: RegExp,
  line?: SourceText['line'],
  nameOf: (found: string) => string | undefined = nameFromWord,
): PlacedText {
  const names = new Map<string, string | undefined>()
  let made = ''
  let at = 0
  for (const found of source.matchAll(pattern)) {
    const [all, first = all, more] = found
    const name = allowedName(nameOf(first) ?? '')
    if (name === undefined) continue
    if (!names.has(name)) names.set(name, more)
    made += `${beforeBraces(inRaw(source.slice(at, found.index)))}{{ ${name} }}`
    at = found.index + all.length
  }
  if (names.size === 0) return { text: { text: source, language: 'none', isGuess: true, line }, names }
  return { text: { text: made + inRaw(source.slice(at)), original: source, language: 'liquid', line }, names }
}

/** Three braces are no output: one that stands before it is written as a text. */
function beforeBraces(text: string): string {
  return text.endsWith('{') ? `${text.slice(0, -1)}{{ "{" }}` : text
}

function nameFromWord(word: string): string {
  if (/^\d/.test(word)) return `argument_${word}`
  return word === word.toUpperCase() ? word.toLowerCase() : word
}
