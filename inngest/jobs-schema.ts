/** The embedded runner's tables in the app's database; its queue's are in this with `_queue`. */
export const JOBS_SCHEMA = 'incipit_jobs'
