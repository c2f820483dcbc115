import { appError, overLimit } from '../errors.ts'
import { textProblem } from './text.ts'

/** What the values of one render may hold together. */
export interface ValueLimits {
  /** Characters, in UTF-16 units. */
  length: number
  /** List items and object members. */
  items: number
  /** Levels of nesting. */
  depth: number
  /** Instructions of one compiled pattern. */
  patternSize: number
  /** Instructions of patterns × characters that are matched against them. */
  patternWork: number
  /** The setting behind `length`, for errors: `limits.values_length` when left out. */
  lengthKey?: string
}

/** What holds where no configuration is at hand: the defaults of `limits.values_…` and `limits.pattern_…`. */
export const DEFAULT_VALUE_LIMITS: ValueLimits = {
  length: 262_144,
  items: 10_000,
  depth: 32,
  patternSize: 500,
  patternWork: 2_000_000,
}

/** What one call has used up so far, across all its values. */
export interface ReadBudget {
  /** Characters, in UTF-16 units. */
  length: number
  items: number
  /** Pattern matching, in instructions × characters. */
  matching: number
  readonly limits: ValueLimits
}

export function readBudget(limits: ValueLimits = DEFAULT_VALUE_LIMITS): ReadBudget {
  return { length: 0, items: 0, matching: 0, limits }
}

const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/** Refuses a length over the limit. */
export function checkLength(length: number, { limits }: ReadBudget): void {
  if (length > limits.length)
    throw tooLarge(`more than ${limits.length} characters`, limits.lengthKey ?? 'limits.values_length')
}

/** Adds what matching costs, in instructions × characters, and refuses it over the limit. */
export function spendMatching(cost: number, budget: ReadBudget): void {
  const { patternWork: most } = budget.limits
  budget.matching += cost
  if (budget.matching > most)
    throw tooLarge(
      `more to match against patterns than ${most} instructions × characters`,
      'limits.pattern_work',
    )
}

/**
 * Adds up how much a value holds and refuses what is not plain, storable JSON.
 * @throws AppError `too_large`, `invalid_input` (text that cannot be stored), `unprocessable` (no plain JSON)
 */
export function measure(value: unknown, name: string, size: ReadBudget, depth = 0): void {
  if (typeof value === 'string') {
    size.length += value.length
    checkLength(size.length, size)
    const problem = textProblem(value)
    if (problem) {
      const detail = { path: ['variables', name], code: problem.code, message: problem.message }
      throw appError('invalid_input', problem.message, { details: [detail] })
    }
    return
  }
  if (value === null || typeof value === 'boolean' || Number.isFinite(value)) return
  if (depth >= size.limits.depth)
    throw tooLarge(`lists or objects deeper than ${size.limits.depth} levels`, 'limits.values_depth')
  measureMembers(value, name, size, depth)
}

function measureMembers(value: unknown, name: string, size: ReadBudget, depth: number): void {
  if (!Array.isArray(value) && !isPlainObject(value)) throw notJson(name, 'is not JSON')
  const keys = Array.isArray(value) ? undefined : Object.keys(value)
  size.items += keys ? keys.length : (value as unknown[]).length
  if (size.items > size.limits.items)
    throw tooLarge(`more than ${size.limits.items} items`, 'limits.values_items')
  if (!keys) {
    for (const item of value as unknown[]) measure(item, name, size, depth + 1)
    return
  }
  for (const key of keys) {
    if (FORBIDDEN_KEYS.has(key)) throw notJson(name, `holds the key "${key}", which is not allowed`)
    measure(key, name, size, depth)
    measure((value as Record<string, unknown>)[key], name, size, depth + 1)
  }
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

function tooLarge(what: string, limit: string) {
  return overLimit(limit, `The values hold ${what}`, ['variables'])
}

function notJson(name: string, message: string) {
  const detail = { path: ['variables', name], code: 'invalid_variable', message: `${name} ${message}` }
  return appError('unprocessable', `The variables do not fit (wrong: ${name})`, { details: [detail] })
}
