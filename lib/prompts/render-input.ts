import type { RenderInput } from './render-schema.ts'
import { isLabelSelector } from './rules.ts'

/**
 * The same as RenderInput for what is plainly one, at a fraction of its price.
 * @returns undefined where the schema has to judge
 */
export function quickRenderInput(value: unknown): RenderInput | undefined {
  if (!isObject(value)) return undefined
  for (const key in value) {
    const field = value[key]
    const fits =
      (key === 'variables' && isObject(field)) ||
      (key === 'label' && typeof field === 'string' && isLabelSelector(field)) ||
      (key === 'version' && isVersionNumber(field))
    if (!fits) return undefined
  }
  return value
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isVersionNumber(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 2_147_483_647
}
