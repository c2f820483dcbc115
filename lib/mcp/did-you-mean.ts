import { appError, isAppError } from '../errors.ts'
import { PRODUCTION } from '../prompts/name.ts'
import { nearNames } from '../prompts/operations/names/near-names.ts'
import type { Caller } from './caller.ts'

/**
 * Does something with a prompt by its name. Where there is none of that name, the error says which others a
 * caller may have meant.
 */
export async function byName<T>(caller: Caller, name: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isAppError(error) || error.code !== 'not_found' || isFoundInPart(error.extra)) throw error
    const names = await nearPrompts(caller, name)
    if (names.length === 0) throw error
    const { message, details, extra } = error
    throw appError('not_found', `${message} ${didYouMean(names)}`, {
      details,
      extra: { ...extra, did_you_mean: names },
      cause: error,
    })
  }
}

/** The prompt is there: it is its label or version that is not, or it is in the archive. */
function isFoundInPart({ labels, latest_version, archived }: Record<string, unknown>): boolean {
  return labels !== undefined || latest_version !== undefined || archived !== undefined
}

/**
 * The names of prompts that a caller may have meant. A hint is worth no error of its own: while the database is
 * away there is none.
 */
export async function nearPrompts({ actor, scope }: Caller, name: string): Promise<string[]> {
  try {
    const names = await nearNames(actor, { name, label: scope.label ?? PRODUCTION, category: scope.category })
    // It may be there for others, or in another way.
    return names.filter((each) => each !== name)
  } catch {
    return []
  }
}

/** 'Did you mean "a" or "b"?' */
export function didYouMean(names: readonly string[]): string {
  return `Did you mean ${orList(names)}?`
}

/** "a", "a or b", "a, b or c". */
function orList(names: readonly string[]): string {
  const quoted = names.map((each) => `"${each}"`)
  const last = quoted.pop() ?? ''
  return quoted.length === 0 ? last : `${quoted.join(', ')} or ${last}`
}
