import { getRuntime } from '../runtime.ts'

/**
 * Headers of a successful answer that is given while the database is away: it came from memory, and is
 * at most so many seconds old. Undefined while the database answers.
 */
export function stalenessHeaders(): { age: string; 'incipit-stale': string } | undefined {
  const { availability } = getRuntime().database
  if (!availability.down) return undefined
  const seconds = String(availability.staleFor())
  return { age: seconds, 'incipit-stale': seconds }
}
