import { z } from 'zod'
import { count, milliseconds } from './numbers.ts'

/** Keys of the section server that say what runs. */
export const BUILD = {
  commit: z
    .string()
    .regex(/^[0-9a-f]{7,64}$/, 'expected the hash of a commit')
    .optional()
    .meta({
      description: 'Commit that it was made from, for /metrics',
      absent: 'that of the clone, if it is one',
    }),
}

/** Keys of the section limits that are about metrics. */
export const METRICS_LIMITS = {
  slow_statement_ms: milliseconds(250).describe(
    'A statement that takes longer is counted and kept as a slow one',
  ),
  slow_statements: count(50, 1000).describe('Slow statements that one instance keeps, the newest'),
  metrics_configurations: count(100, 10_000).describe(
    'AI configurations that /metrics tells apart by their name; those beyond are one, "other"',
  ),
}
