/** Whether this is the full run: it kills more often, on both kinds of PostgreSQL, and tries every variant. */
export const isFullRun = process.env.INCIPIT_TEST_FULL === '1'

/** For `it.each`: one test in the full run, none in the gate. A skipped test would fail its stage. */
export const ONLY_FULL = isFullRun ? ['in the full run'] : []

/** The PostgreSQL servers that are killed. */
export const POSTGRES_KINDS = isFullRun ? (['embedded', 'debian'] as const) : (['embedded'] as const)
