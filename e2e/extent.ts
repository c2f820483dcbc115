/** Whether this is the full run: it kills more often, on both kinds of PostgreSQL, and tries every variant. */
export const isFullRun = process.env.INCIPIT_TEST_FULL === '1'

/** The PostgreSQL servers that are killed. */
export const POSTGRES_KINDS = isFullRun ? (['embedded', 'debian'] as const) : (['embedded'] as const)
