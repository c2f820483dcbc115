import { loadConfig } from '#lib/config/load.ts'

/** The database that the launcher gave or that is configured. */
export function databaseUrl(): string {
  const { databaseUrl: url } = loadConfig()
  if (url === undefined) throw new Error('DATABASE_URL is not set: start this through npm.')
  return url
}
