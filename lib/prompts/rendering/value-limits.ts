import type { ValueLimits } from '../../liquid/value-size.ts'
import { getRuntime } from '../../runtime.ts'

/** What the values of one render may hold by the configuration of this process. */
export function valueLimits(): ValueLimits {
  const { limits } = getRuntime().config
  return {
    length: limits.values_length,
    items: limits.values_items,
    depth: limits.values_depth,
    patternSize: limits.pattern_size,
    patternWork: limits.pattern_work,
  }
}
