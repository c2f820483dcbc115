import type { ProblemError } from '#lib/rest/client.ts'

/** What was sent is at fault: the same again would be refused again. */
const OWN_FAULTS: ReadonlySet<number> = new Set([400, 409, 413, 422])

/**
 * What the server found wrong with a patch: by field what its first fault says; what has no field is under
 * the empty name.
 * @returns undefined when something else than the input is at fault
 */
export function patchFaults(error: unknown): Record<string, string> | undefined {
  const problem = error instanceof Error && 'problem' in error ? (error as ProblemError).problem : undefined
  if (problem === undefined || !OWN_FAULTS.has(problem.status)) return undefined
  const faults: Record<string, string> = {}
  for (const { path, message, hint } of problem.errors ?? []) {
    const field = String(path[0] ?? '')
    faults[field] ??= hint === undefined ? message : `${message}. ${hint}`
  }
  return Object.keys(faults).length === 0 ? { '': problem.detail } : faults
}
