import type { PreparedVersion } from './prepare-version.ts'

/** What the audit log keeps of a version: facts, never its text. */
export function versionFacts(number: number, version: PreparedVersion): Record<string, unknown> {
  const { checksum, message, publish, pins } = version
  const includes = [...pins.tree].map(([ref, included]) => ({ ref, version: included.version }))
  return { version: number, checksum, message, publish, includes }
}
