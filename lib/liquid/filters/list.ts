import type { Budget } from '../budget.ts'
import { isJsonObject, type Json } from '../json.ts'
import type { FilterFunction } from '../syntax.ts'
import { isEqual, isTruthy, memberCount, plain, readMember, toNumber, toText, type Value } from '../value.ts'
import { splitText } from './search.ts'

/** A filter over the items of its input; a single value is a list of one, nil an empty list. */
function onList(run: (items: Json[], args: Json[], budget: Budget) => Json): FilterFunction {
  return (input, args, budget) => {
    const items = toList(input)
    budget.spendItems(items.length)
    return run(items, args, budget)
  }
}

function toList(value: Json | undefined): Json[] {
  if (value === null || value === undefined) return []
  return Array.isArray(value) ? value : [value]
}

/** Reads `a.b.c` from an item; what does not exist is nil. */
function memberReader(path: Json | undefined, budget: Budget): (item: Json) => Json {
  if (path === undefined || path === null) return (item) => item
  const text = toText(path, budget)
  budget.spend(text.length)
  const keys = splitText(text, '.', budget)
  return (item) => {
    budget.spend(keys.length * 10)
    let value: Value = item
    for (const key of keys) {
      // Nothing has members any more: a long path costs no more than a short one.
      if (value === null || value === undefined) return null
      value = readMember(value, Array.isArray(value) ? placeIn(key) : key, budget)
    }
    return plain(value)
  }
}

/** A member of a list is named by its place, or by a word such as `size`. */
function placeIn(key: string): Json {
  return /^\d{1,9}$/.test(key) ? Number(key) : key
}

/** Sorts by a member or by the items themselves: numbers, then texts, then nil; equal ones in their old order. */
function sorter(foldCase: boolean): FilterFunction {
  return onList((items, [path], budget) => {
    const read = memberReader(path, budget)
    const keyed = items.map((item) => ({ item, key: sortKey(read(item), foldCase, budget) }))
    const rounds = Math.ceil(Math.log2(items.length + 1))
    const lengths = keyed.reduce((sum, { key }) => sum + (typeof key === 'string' ? key.length : 0), 0)
    budget.spend(rounds * (items.length * 5 + (lengths >> 2)))
    return keyed.sort((left, right) => order(left.key, right.key)).map(({ item }) => item)
  })
}

function sortKey(value: Json, foldCase: boolean, budget: Budget): string | number | null {
  if (value === null || (typeof value === 'number' && !foldCase)) return value
  const text = toText(value, budget)
  if (!foldCase) return text
  budget.spend(text.length)
  return text.toLowerCase()
}

function order(left: string | number | null, right: string | number | null): number {
  if (left === null || right === null) return Number(left === null) - Number(right === null)
  if (typeof left === 'number') return typeof right === 'number' ? left - right : -1
  if (typeof right === 'number') return 1
  return left < right ? -1 : left > right ? 1 : 0
}

/** Keeps (or drops) items by a member: equal to the value, or true when no value is given. */
function picker(keep: boolean): FilterFunction {
  return onList((items, args, budget) => {
    const matches = matcher(args, budget)
    return items.filter((item) => matches(item) === keep)
  })
}

function matcher(args: Json[], budget: Budget): (item: Json) => boolean {
  const read = memberReader(args[0], budget)
  const [, wanted] = args
  if (args.length < 2) return (item) => isTruthy(read(item))
  return (item) => isEqual(read(item), wanted, budget)
}

function finder<T extends Json>(result: (items: Json[], at: number) => T): FilterFunction {
  return onList((items, args, budget) => result(items, items.findIndex(matcher(args, budget))))
}

const join: FilterFunction = onList((items, args, budget) => {
  const glue = args.length > 0 ? toText(args[0], budget) : ' '
  const texts = items.map((item) => toText(item, budget))
  budget.spend(texts.reduce((sum, text) => sum + text.length + glue.length, 0))
  return texts.join(glue)
})

const sentence: FilterFunction = onList((items, args, budget) => {
  const connector = args.length > 0 ? toText(args[0], budget) : 'and'
  const texts = items.map((item) => toText(item, budget))
  budget.spend(texts.reduce((sum, text) => sum + text.length + 2, connector.length))
  if (texts.length < 3) return texts.join(` ${connector} `)
  return `${texts.slice(0, -1).join(', ')}, ${connector} ${texts.at(-1)}`
})

const uniq: FilterFunction = onList((items, _args, budget) => {
  const seen = new Set<Json>()
  for (const item of items) {
    if (typeof item === 'string') budget.spend(item.length >> 2)
    seen.add(item)
  }
  return [...seen]
})

const sum: FilterFunction = onList((items, [path], budget) => {
  const read = memberReader(path, budget)
  return items.reduce<number>((total, item) => total + toNumber(read(item)), 0)
})

const concat: FilterFunction = onList((items, [more], budget) => {
  const tail = toList(more)
  budget.spendItems(items.length + tail.length)
  return [...items, ...tail]
})

const slice: FilterFunction = (input, args, budget) => {
  if (Array.isArray(input)) return sliceOf(input, args, budget)
  const text = toText(input, budget)
  budget.spend(text.length * 4)
  return sliceOf(Array.from(text), args, budget).join('')
}

function sliceOf<T>(list: T[], args: Json[], budget: Budget): T[] {
  const begin = Math.trunc(toNumber(args[0] ?? 0))
  const length = Math.max(0, Math.trunc(toNumber(args[1] ?? 1)))
  const start = begin < 0 ? list.length + begin : begin
  const part = start < 0 ? [] : list.slice(start, start + length)
  budget.spend(part.length)
  return part
}

const size: FilterFunction = (input, _args, budget) => {
  if (typeof input === 'string' || Array.isArray(input)) return input.length
  return isJsonObject(input) ? memberCount(input, budget) : 0
}

/** The first or last item of a list; of anything else nil. */
function end(at: 0 | -1): FilterFunction {
  return (input) => (Array.isArray(input) ? (input.at(at) ?? null) : null)
}

/** List filters: name, function, least and most arguments. */
export const LIST_FILTERS: readonly [string, FilterFunction, number, number][] = [
  ['join', join, 0, 1],
  ['array_to_sentence_string', sentence, 0, 1],
  ['first', end(0), 0, 0],
  ['last', end(-1), 0, 0],
  ['size', size, 0, 0],
  ['slice', slice, 1, 2],
  ['reverse', onList((items) => items.toReversed()), 0, 0],
  ['sort', sorter(false), 0, 1],
  ['sort_natural', sorter(true), 0, 1],
  ['map', onList((items, [path], budget) => items.map(memberReader(path, budget))), 1, 1],
  ['where', picker(true), 1, 2],
  ['reject', picker(false), 1, 2],
  ['find', finder((items, at) => items[at] ?? null), 1, 2],
  ['find_index', finder((_items, at) => (at < 0 ? null : at)), 1, 2],
  ['has', finder((_items, at) => at >= 0), 1, 2],
  ['compact', onList((items) => items.filter((item) => item !== null)), 0, 0],
  ['concat', concat, 1, 1],
  ['uniq', uniq, 0, 0],
  ['sum', sum, 0, 1],
]
