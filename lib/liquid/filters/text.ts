import type { Budget } from '../budget.ts'
import { fault } from '../fault.ts'
import type { Json } from '../json.ts'
import type { FilterFunction } from '../syntax.ts'
import { textProblem } from '../text.ts'
import { toNumber, toText } from '../value.ts'
import { findFirst, findLast, splitText } from './search.ts'

/** Encoding looks at every character by itself: further units for each. */
const CODING_COST = 5

/** A filter over the text of its input; the lengths of all its texts are charged. */
function onText(run: (text: string, args: string[], budget: Budget) => Json): FilterFunction {
  return (input, given, budget) => {
    const text = toText(input, budget)
    const args = given.map((arg) => toText(arg, budget))
    budget.spend(args.reduce((sum, arg) => sum + arg.length, text.length))
    return run(text, args, budget)
  }
}

function joinParts(parts: string[], glue: string, budget: Budget): string {
  budget.spend(parts.length * (1 + glue.length))
  return parts.join(glue)
}

function cut(text: string, at: number, length: number, put: string): string {
  return at < 0 ? text : text.slice(0, at) + put + text.slice(at + length)
}

/** The first `count` characters: code points, so that no character is torn apart. */
function firstCharacters(text: string, count: number): string {
  let at = 0
  for (let seen = 0; seen < count && at < text.length; seen++)
    at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1
  return text.slice(0, at)
}

const truncate: FilterFunction = (input, args, budget) => {
  const text = toText(input, budget)
  const length = Math.max(0, Math.floor(toNumber(args[0] ?? 50)))
  const ellipsis = args.length > 1 ? toText(args[1], budget) : '...'
  budget.spend(text.length + ellipsis.length)
  if (firstCharacters(text, length).length === text.length) return text
  return (
    firstCharacters(text, Math.max(0, length - Array.from(firstCharacters(ellipsis, length)).length)) +
    ellipsis
  )
}

const truncateWords: FilterFunction = (input, args, budget) => {
  const text = toText(input, budget)
  const count = Math.max(1, Math.floor(toNumber(args[0] ?? 15)))
  const ellipsis = args.length > 1 ? toText(args[1], budget) : '...'
  budget.spend(text.length + ellipsis.length)
  const word = /\S+/g
  let end = 0
  for (let seen = 0; seen < count; seen++) {
    if (!word.test(text)) return text
    budget.spend(20)
    end = word.lastIndex
  }
  if (text.slice(end).trimStart() === '') return text
  return text.slice(0, end) + ellipsis
}

const split = onText((text, [separator = ''], budget) => {
  // One more than a list may have: enough to know that there are too many.
  const most = budget.mostItems + 1
  const parts = separator === ' ' ? text.trim().split(/\s+/, most) : splitText(text, separator, budget, most)
  if (parts.length < most) while (parts.length > 0 && parts.at(-1) === '') parts.pop()
  budget.spendItems(parts.length)
  return parts
})

const urlDecode = onText((text, _args, budget) => {
  budget.spend(text.length * CODING_COST)
  const decoded = tryDecode(text)
  if (decoded === undefined || textProblem(decoded))
    throw fault('filter_input', 'The text is not URL-encoded')
  return decoded
})

function tryDecode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}

const XML: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
}

const escape = onText((text, _args, budget) => {
  budget.spend(text.length * CODING_COST)
  return text.replace(/[&<>"']/g, (character) => XML[character] ?? '')
})

const urlEncode = onText((text, _args, budget) => {
  budget.spend(text.length * CODING_COST)
  return encodeURIComponent(text).replaceAll('%20', '+')
})

/** Text filters: name, function, least and most arguments. */
export const TEXT_FILTERS: readonly [string, FilterFunction, number, number][] = [
  ['append', onText((text, [tail = '']) => text + tail), 1, 1],
  ['prepend', onText((text, [head = '']) => head + text), 1, 1],
  ['strip', onText((text) => text.trim()), 0, 0],
  ['lstrip', onText((text) => text.trimStart()), 0, 0],
  ['rstrip', onText((text) => text.trimEnd()), 0, 0],
  ['strip_newlines', onText((text) => text.replace(/\r?\n/g, '')), 0, 0],
  ['squish', onText((text) => text.trim().replace(/\s+/g, ' ')), 0, 0],
  ['upcase', onText((text) => text.toUpperCase()), 0, 0],
  ['downcase', onText((text) => text.toLowerCase()), 0, 0],
  ['capitalize', onText((text) => text.charAt(0).toUpperCase() + text.slice(1).toLowerCase()), 0, 0],
  ['escape', escape, 0, 0],
  ['url_encode', urlEncode, 0, 0],
  ['url_decode', urlDecode, 0, 0],
  ['split', split, 1, 1],
  ['truncate', truncate, 0, 2],
  ['truncatewords', truncateWords, 0, 2],
  [
    'remove',
    onText((text, [what = ''], budget) =>
      what ? joinParts(splitText(text, what, budget), '', budget) : text,
    ),
    1,
    1,
  ],
  [
    'remove_first',
    onText((text, [what = ''], budget) => cut(text, findFirst(text, what, budget), what.length, '')),
    1,
    1,
  ],
  [
    'remove_last',
    onText((text, [what = ''], budget) => cut(text, findLast(text, what, budget), what.length, '')),
    1,
    1,
  ],
  [
    'replace',
    onText((text, [what = '', put = ''], budget) =>
      what ? joinParts(splitText(text, what, budget), put, budget) : text,
    ),
    1,
    2,
  ],
  [
    'replace_first',
    onText((text, [what = '', put = ''], budget) =>
      cut(text, findFirst(text, what, budget), what.length, put),
    ),
    1,
    2,
  ],
  [
    'replace_last',
    onText((text, [what = '', put = ''], budget) =>
      cut(text, findLast(text, what, budget), what.length, put),
    ),
    1,
    2,
  ],
]
