import { appError, type ErrorDetail } from '../../errors.ts'
import { getRuntime } from '../../runtime.ts'

/** Tags and aliases are sets: kept once each, in order. */
export function uniqueSorted(texts: readonly string[]): string[] {
  return [...new Set(texts)].toSorted()
}

/** @throws unprocessable past the configured number of tags or aliases */
export function assertTagsAndAliases(given: {
  tags?: readonly string[] | undefined
  aliases?: readonly string[] | undefined
}): void {
  const { limits } = getRuntime().config
  const details = (['tags', 'aliases'] as const).flatMap((field): ErrorDetail[] => {
    const message = `A prompt has at most ${limits[field]} ${field}`
    const tooMany = new Set(given[field] ?? []).size > limits[field]
    return tooMany ? [{ path: [field], code: 'too_many', message }] : []
  })
  const [first] = details
  if (first !== undefined) throw appError('unprocessable', `${first.message}.`, { details })
}
