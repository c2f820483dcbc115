import canonicalize from 'canonicalize'
import { isJsonObject, type Json } from '../../liquid/json.ts'
import { mergeLists, settled } from './merge.ts'

/** What stands in the place of a conflict: one side, or a text written by hand. */
export type MergeChoice = 'mine' | 'theirs' | { text: string }

/** A place that both changed in different ways. */
export interface Clash {
  /** Where in the field: `audience.default`, `Message 2`; empty for the field as a whole. */
  place: string
  base: string
  mine: string
  theirs: string
  /** Whether a text written by hand can stand there. */
  isText: boolean
}

export type Choices = ReadonlyMap<string, MergeChoice>
/** Makes a merged part out of the choices; a part without a choice is mine. */
export type Build<T> = (choices: Choices) => T
/** Notes a clash; the answer is the id under which a choice is found. */
export type Report = (clash: Clash) => string

/** A value of JSON, or undefined where there is none. */
type Part = Json | undefined

/** Whether two parts say the same, whatever the order of their keys. */
export function isSameJson(left: unknown, right: unknown): boolean {
  return left === right || canonicalize(left) === canonicalize(right)
}

/** Merges a text that only makes sense as a whole. */
export function mergeWhole(base: string, mine: string, theirs: string, report: Report): Build<string> {
  if (mine === theirs || theirs === base) return () => mine
  if (mine === base) return () => theirs
  const id = report({ place: '', base, mine, theirs, isText: true })
  return (choices) => {
    const choice = choices.get(id)
    if (typeof choice === 'object') return choice.text
    return choice === 'theirs' ? theirs : mine
  }
}

/** Merges a text by its lines. */
export function mergeText(
  base: string,
  mine: string,
  theirs: string,
  { report, place = '' }: { report: Report; place?: string },
): Build<string> {
  if (mine === theirs || theirs === base) return () => mine
  if (mine === base) return () => theirs
  const pieces = mergeLists(base.split('\n'), mine.split('\n'), theirs.split('\n'))
  const parts = pieces.map((piece): Build<string[]> => {
    const lines = settled(piece)
    if (lines !== undefined) return () => lines
    const text = (side: string[]) => side.join('\n')
    const id = report({
      place,
      base: text(piece.base),
      mine: text(piece.mine),
      theirs: text(piece.theirs),
      isText: true,
    })
    return (choices) => {
      const choice = choices.get(id)
      if (typeof choice === 'object') return choice.text === '' ? [] : choice.text.split('\n')
      return choice === 'theirs' ? piece.theirs : piece.mine
    }
  })
  return (choices) => parts.flatMap((part) => part(choices)).join('\n')
}

/** Merges values: objects by their keys, everything else as a whole. */
export function mergeParts(base: Part, mine: Part, theirs: Part, place: string, report: Report): Build<Part> {
  if (isSameJson(mine, theirs) || isSameJson(theirs, base)) return () => mine
  if (isSameJson(mine, base)) return () => theirs
  if (isJsonObject(base) && isJsonObject(mine) && isJsonObject(theirs)) {
    const keys = [...new Set([...Object.keys(mine), ...Object.keys(theirs)])]
    const built = keys.map((key): [string, Build<Part>] => {
      const at = place === '' ? key : `${place}.${key}`
      return [key, mergeParts(own(base, key), own(mine, key), own(theirs, key), at, report)]
    })
    return (choices) =>
      Object.fromEntries(
        built.flatMap(([key, part]) => {
          const value = part(choices)
          return value === undefined ? [] : [[key, value]]
        }),
      )
  }
  const shown = (value: Part) => (value === undefined ? '' : JSON.stringify(value, null, 2))
  const id = report({
    place,
    base: shown(base),
    mine: shown(mine),
    theirs: shown(theirs),
    isText: false,
  })
  return (choices) => (choices.get(id) === 'theirs' ? theirs : mine)
}

function own(object: { [key: string]: Json }, key: string): Part {
  return Object.hasOwn(object, key) ? object[key] : undefined
}
