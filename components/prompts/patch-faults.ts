import type { ProblemError } from '#lib/http/client.ts'

/** What the server found wrong with a patch: by field what its first fault says, and what has no field. */
export function patchFaults(error: unknown): Record<string, string> {
  const problem = error instanceof Error && 'problem' in error ? (error as ProblemError).problem : undefined
  const faults: Record<string, string> = {}
  for (const { path, message, hint } of problem?.errors ?? []) {
    const field = String(path[0] ?? '')
    faults[field] ??= hint === undefined ? message : `${message}. ${hint}`
  }
  if (Object.keys(faults).length === 0)
    faults[''] = error instanceof Error ? error.message : 'It was not changed.'
  return faults
}
