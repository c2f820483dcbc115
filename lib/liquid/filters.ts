import { LIST_FILTERS } from './filters/list.ts'
import { NUMBER_FILTERS } from './filters/number.ts'
import { TEXT_FILTERS } from './filters/text.ts'
import type { FilterFunction } from './syntax.ts'
import { isTruthy, toJson, toNumber } from './value.ts'

/** A filter and how it may be called. */
export interface Filter {
  run: FilterFunction
  /** Least and most arguments. */
  args: [number, number]
  /** Names of named arguments. */
  named: readonly string[]
}

/** The other value when the input is nil, false (unless `allow_false: true`) or empty. */
const useDefault: FilterFunction = (input, [other = null], _budget, named) => {
  if (typeof input === 'string' || Array.isArray(input)) return input.length > 0 ? input : other
  if (input === false && isTruthy(named?.get('allow_false'))) return false
  return isTruthy(input) ? input : other
}

const json: FilterFunction = (input, [indent], budget) =>
  toJson(input, Math.min(8, Math.max(0, Math.trunc(toNumber(indent ?? 0)))), budget)

/**
 * The only filters there are. Left out on purpose: what reads the clock, chance or the host's locale
 * (`date`, `sample`), what evaluates text as an expression (`where_exp` …), hashes and base64.
 */
const FILTERS: ReadonlyMap<string, Filter> = new Map([
  ['default', { run: useDefault, args: [1, 1], named: ['allow_false'] }],
  ['json', { run: json, args: [0, 1], named: [] }],
  ...[...TEXT_FILTERS, ...LIST_FILTERS, ...NUMBER_FILTERS].map(
    ([name, run, least, most]): [string, Filter] => [name, { run, args: [least, most], named: [] }],
  ),
])

export function findFilter(name: string): Filter | undefined {
  return FILTERS.get(name)
}

/** Every filter's name, for completion in an editor. */
export const FILTER_NAMES: readonly string[] = [...FILTERS.keys()].sort()
