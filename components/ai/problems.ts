import type { Faults, FormField } from './configuration-form.ts'

interface Problem {
  code?: unknown
  current_etag?: unknown
  errors?: { path: (string | number)[]; message: string }[]
}

function problemOf(error: unknown): Problem | undefined {
  const problem = error instanceof Error && 'problem' in error ? error.problem : undefined
  return typeof problem === 'object' && problem !== null ? problem : undefined
}

/** Whether somebody else changed it meanwhile. */
export function isConflict(error: unknown): boolean {
  return problemOf(error)?.code === 'precondition_failed'
}

/** What a retry has to name after somebody else's change. */
export function currentEtag(error: unknown): string | undefined {
  const etag = problemOf(error)?.current_etag
  return typeof etag === 'string' ? etag : undefined
}

/** What the server says is wrong with single fields of the form. */
export function serverFaults(error: unknown, fields: ReadonlySet<string>): Faults {
  const faults: Faults = {}
  for (const { path, message } of problemOf(error)?.errors ?? []) {
    const field = String(path[0])
    if (fields.has(field)) faults[field as FormField] = `${message.replace(/\.$/, '')}.`
  }
  return faults
}
