import { fault } from '../fault.ts'
import type { Json } from '../json.ts'
import type { FilterFunction } from '../syntax.ts'
import { toNumber } from '../value.ts'

function onNumbers(run: (value: number, arg: number) => number): FilterFunction {
  return (input, [arg]) => {
    const result = run(toNumber(input), toNumber(arg ?? 0))
    if (!Number.isFinite(result)) throw fault('filter_input', 'The result is no number')
    return result
  }
}

/** Moves the point in the decimal form, where 1.005 has no binary error to round the wrong way. */
function shifted(value: number, places: number): number {
  const [mantissa = '0', power = '0'] = String(value).split('e')
  return Number(`${mantissa}e${Number(power) + places}`)
}

function round(value: number, digits: number): number {
  const places = Math.max(-20, Math.min(20, Math.trunc(digits)))
  const scaled = shifted(Math.abs(value), places)
  if (scaled > Number.MAX_SAFE_INTEGER) return value
  return Math.sign(value) * shifted(Math.round(scaled), -places)
}

function toInteger(input: Json): Json {
  return Math.trunc(toNumber(input))
}

/** Number filters: name, function, least and most arguments. */
export const NUMBER_FILTERS: readonly [string, FilterFunction, number, number][] = [
  ['abs', onNumbers((value) => Math.abs(value)), 0, 0],
  ['ceil', onNumbers((value) => Math.ceil(value)), 0, 0],
  ['floor', onNumbers((value) => Math.floor(value)), 0, 0],
  ['round', onNumbers(round), 0, 1],
  ['plus', onNumbers((value, arg) => value + arg), 1, 1],
  ['minus', onNumbers((value, arg) => value - arg), 1, 1],
  ['times', onNumbers((value, arg) => value * arg), 1, 1],
  ['divided_by', onNumbers((value, arg) => value / arg), 1, 1],
  ['modulo', onNumbers((value, arg) => ((value % arg) + arg) % arg), 1, 1],
  ['at_least', onNumbers((value, arg) => Math.max(value, arg)), 1, 1],
  ['at_most', onNumbers((value, arg) => Math.min(value, arg)), 1, 1],
  ['to_integer', toInteger, 0, 0],
]
