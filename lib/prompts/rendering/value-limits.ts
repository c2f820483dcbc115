import { getRuntime } from '../../runtime.ts'
import type { ValueLimits } from '../variables/value-size.ts'

/** What the values of one render may hold by the configuration of this process. */
export function valueLimits(): ValueLimits {
  const { values_length: length, values_items: items, values_depth: depth } = getRuntime().config.limits
  return { length, items, depth }
}
