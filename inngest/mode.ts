import type { LoadedConfig } from '#lib/config/load.ts'

/** The caller of the functions: the runner inside the app, or an Inngest server. */
export type InngestMode = 'embedded' | 'server'

/** What `inngest.mode` means here: `auto` is a server as soon as the environment names one. */
export function inngestMode({
  inngest,
  inngestServer,
}: Pick<LoadedConfig, 'inngest' | 'inngestServer'>): InngestMode {
  if (inngest.mode !== 'auto') return inngest.mode
  const { baseUrl, eventKey, signingKey, isDev } = inngestServer
  return baseUrl !== undefined || eventKey !== undefined || signingKey !== undefined || isDev
    ? 'server'
    : 'embedded'
}

/** The embedded runner's tables in the app's database; its queue's are in this with `_queue`. */
export const JOBS_SCHEMA = 'incipit_jobs'
