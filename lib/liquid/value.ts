import type { Budget } from './budget.ts'
import { isJsonObject, type Json } from './json.ts'

/**
 * The literals `empty` and `blank`: they only mean something in a comparison. Registered symbols, because a
 * template that one copy of this module compiled is rendered by another in the same process.
 */
export const EMPTY = Symbol.for('incipit.empty')
export const BLANK = Symbol.for('incipit.blank')

/** What an expression can be. `undefined` is a name or member that does not exist; null is nil. */
export type Value = Json | undefined | typeof EMPTY | typeof BLANK

/** The value as plain data: what filters, loops and assignments get. */
export function plain(value: Value): Json {
  if (value === undefined) return null
  return typeof value === 'symbol' ? '' : value
}

/** False and nil are false; everything else, the empty text and 0 included, is true. */
export function isTruthy(value: Value): boolean {
  return value !== false && value !== null && value !== undefined
}

/** The value as text: nil is nothing, objects and arrays are JSON. */
export function toText(value: Value, budget: Budget): string {
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
    case 'boolean':
      return String(value)
    case 'object': {
      return value === null ? '' : toJson(value, 0, budget)
    }
    default:
      return ''
  }
}

/**
 * The value as JSON. Its length is charged before it is made: a list may hold one long item a thousand
 * times, which is little in memory and a thousand times as much as text.
 */
export function toJson(value: Json, indent: number, budget: Budget): string {
  chargeJson(value, indent, indent, budget)
  return JSON.stringify(value, null, indent)
}

function chargeJson(value: Json, indent: number, margin: number, budget: Budget): void {
  if (typeof value === 'string') return chargeText(value, budget)
  if (typeof value !== 'object' || value === null) return budget.spend(String(value).length)
  // Charged item by item, so that a walk over too much is stopped on its way.
  const line = indent === 0 ? 0 : 1 + margin
  budget.spend(2 + line)
  if (Array.isArray(value)) {
    for (const item of value) {
      budget.spend(2 + line)
      chargeJson(item, indent, margin + indent, budget)
    }
    return
  }
  for (const [key, member] of membersOf(value, budget)) {
    budget.spend(3 + line)
    chargeText(key, budget)
    chargeJson(member, indent, margin + indent, budget)
  }
}

/** A text in quotes; what JSON escapes is up to six times as long. It is read before that is known. */
function chargeText(text: string, budget: Budget): void {
  budget.spend(text.length + 2)
  const isWellFormed = text.isWellFormed()
  let more = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit < SPACE) more += unit >= BACKSPACE && unit <= RETURN && unit !== LINE_TABULATION ? 1 : 5
    else if (unit === QUOTE || unit === BACKSLASH) more += 1
    else if (!isWellFormed && unit >= SURROGATES && unit < AFTER_SURROGATES) more += 5
  }
  budget.spend(more)
}

/** Between these, all but one have an escape of two characters. */
const BACKSPACE = 8
const LINE_TABULATION = 11
const RETURN = 13
const SPACE = 0x20
const QUOTE = 0x22
const BACKSLASH = 0x5c
const SURROGATES = 0xd800
const AFTER_SURROGATES = 0xe000

type JsonObject = { [key: string]: Json }

/** The members of an object. How many there are only the engine knows: they are charged afterwards. */
function membersOf(object: JsonObject, budget: Budget): [string, Json][] {
  const members = Object.entries(object)
  budget.spend(members.length * 10)
  return members
}

/** How many members an object has. */
export function memberCount(object: JsonObject, budget: Budget): number {
  const { length } = Object.keys(object)
  budget.spend(length * 5)
  return length
}

/** A longer text is no number: no double has so many digits. */
const LONGEST_NUMBER = 400

/** The value as a number; what is no number counts as 0, as Liquid has it. */
export function toNumber(value: Json): number {
  return typeof value === 'number' ? value : (numberIn(value) ?? 0)
}

function numberIn(value: Value): number | undefined {
  if (typeof value !== 'string' || value.length > LONGEST_NUMBER || value.trim() === '') return undefined
  const number = Number(value)
  return Number.isFinite(number) ? number : undefined
}

/** What a loop or a list filter goes over: a text is one item, an object its [key, value] pairs. */
export function toItems(value: Json, budget: Budget): Json[] {
  if (Array.isArray(value)) return value
  if (typeof value === 'string') return value === '' ? [] : [value]
  if (!isJsonObject(value)) return []
  const entries = membersOf(value, budget)
  budget.spendItems(entries.length)
  return entries
}

/** Reads a member: own properties only, plus `size`, `first` and `last`. */
export function readMember(value: Value, key: Json, budget: Budget): Value {
  if (value === null || value === undefined) return value
  if (Array.isArray(value)) return readItem(value, key)
  if (typeof value === 'string') return key === 'size' ? value.length : undefined
  if (!isJsonObject(value as Json) || (typeof key !== 'string' && typeof key !== 'number')) return undefined
  // To find a long key the engine reads all of it.
  if (typeof key === 'string' && key.length > 64) budget.spend(key.length)
  const object = value as JsonObject
  if (Object.hasOwn(object, key)) return object[key]
  return key === 'size' ? memberCount(object, budget) : undefined
}

function readItem(list: Json[], key: Json): Value {
  if (typeof key === 'number')
    return Object.hasOwn(list, key < 0 ? list.length + key : key) ? list.at(key) : undefined
  if (key === 'size') return list.length
  if (key === 'first') return list[0] ?? null
  return key === 'last' ? (list.at(-1) ?? null) : undefined
}

/** Equality of Liquid: by value for lists, by identity for objects; `empty` and `blank` on either side. */
export function isEqual(left: Value, right: Value, budget: Budget): boolean {
  if (typeof left === 'symbol') return typeof right !== 'symbol' && isLiteral(right, left, budget)
  if (typeof right === 'symbol') return isLiteral(left, right, budget)
  if (typeof left === 'string' && typeof right === 'string' && left.length === right.length)
    budget.spend(left.length >> 3)
  if (left === right) return true
  if (Array.isArray(left) && Array.isArray(right)) return isEqualList(left, right, budget)
  return (left === null || left === undefined) && (right === null || right === undefined)
}

function isEqualList(left: Json[], right: Json[], budget: Budget): boolean {
  budget.spend(left.length)
  return left.length === right.length && left.every((item, index) => isEqual(item, right[index], budget))
}

function isLiteral(value: Exclude<Value, symbol>, literal: symbol, budget: Budget): boolean {
  if (literal === BLANK) {
    if (value === null || value === undefined || value === false) return true
    if (typeof value === 'string') return isBlank(value, budget)
  }
  if (typeof value === 'string' || Array.isArray(value)) return value.length === 0
  return isJsonObject(value) && memberCount(value, budget) === 0
}

function isBlank(text: string, budget: Budget): boolean {
  budget.spend(text.length)
  return text.trim() === ''
}

/** Whether left is before (-1), the same as (0) or after (1) right; undefined when they do not compare. */
export function compare(left: Value, right: Value, budget: Budget): number | undefined {
  if (typeof left === 'string' && typeof right === 'string') {
    budget.spend(Math.min(left.length, right.length) >> 3)
    return left < right ? -1 : left > right ? 1 : 0
  }
  const a = comparable(left)
  const b = comparable(right)
  if (a === undefined || b === undefined) return undefined
  return a < b ? -1 : a > b ? 1 : 0
}

function comparable(value: Value): number | undefined {
  return typeof value === 'number' ? value : numberIn(value)
}
