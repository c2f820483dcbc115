import { isJsonObject, type Json } from '../content/json.ts'
import type { Budget } from './budget.ts'

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
      if (value === null) return ''
      const text = JSON.stringify(value)
      budget.spend(text.length)
      return text
    }
    default:
      return ''
  }
}

/** The value as a number; what is no number counts as 0, as Liquid has it. */
export function toNumber(value: Json): number {
  if (typeof value === 'number') return value
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : 0
  return Number.isFinite(number) ? number : 0
}

/** What a loop or a list filter goes over: a text is one item, an object its [key, value] pairs. */
export function toItems(value: Json, budget: Budget): Json[] {
  if (Array.isArray(value)) return value
  if (typeof value === 'string') return value === '' ? [] : [value]
  if (!isJsonObject(value)) return []
  const entries = Object.entries(value)
  budget.spendItems(entries.length)
  return entries
}

/** Reads a member: own properties only, plus `size`, `first` and `last`. */
export function readMember(value: Value, key: Json): Value {
  if (value === null || value === undefined) return value
  if (Array.isArray(value)) return readItem(value, key)
  if (typeof value === 'string') return key === 'size' ? value.length : undefined
  if (!isJsonObject(value as Json) || (typeof key !== 'string' && typeof key !== 'number')) return undefined
  const object = value as { [key: string]: Json }
  if (Object.hasOwn(object, key)) return object[key]
  return key === 'size' ? Object.keys(object).length : undefined
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
  if (typeof left === 'symbol') return typeof right !== 'symbol' && isLiteral(right, left)
  if (typeof right === 'symbol') return isLiteral(left, right)
  if (left === right) {
    if (typeof left === 'string') budget.spend(left.length >> 3)
    return true
  }
  if (typeof left === 'string' && typeof right === 'string' && left.length === right.length) {
    budget.spend(left.length >> 3)
  }
  if (Array.isArray(left) && Array.isArray(right)) return isEqualList(left, right, budget)
  return (left === null || left === undefined) && (right === null || right === undefined)
}

function isEqualList(left: Json[], right: Json[], budget: Budget): boolean {
  budget.spend(left.length)
  return left.length === right.length && left.every((item, index) => isEqual(item, right[index], budget))
}

function isLiteral(value: Exclude<Value, symbol>, literal: symbol): boolean {
  if (literal === BLANK) {
    if (value === null || value === undefined || value === false) return true
    if (typeof value === 'string') return value.trim() === ''
  }
  if (typeof value === 'string' || Array.isArray(value)) return value.length === 0
  return isJsonObject(value) && Object.keys(value).length === 0
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
  if (typeof value === 'number') return value
  if (typeof value !== 'string' || value.trim() === '') return undefined
  const number = Number(value)
  return Number.isNaN(number) ? undefined : number
}
