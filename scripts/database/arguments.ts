import path from 'node:path'

/** The database that the launcher opened for the script. */
export function databaseUrl(): string {
  const url = process.env.DATABASE_URL
  if (!url) throw new Error('DATABASE_URL is not set: run this by its npm script.')
  return url
}

/** A file named on the command line, relative to where npm was called. */
export function fileArgument(fallback?: string): string | undefined {
  const name = process.argv.slice(2).find((argument) => !argument.startsWith('-')) ?? fallback
  return name === undefined ? undefined : path.resolve(process.env.INIT_CWD ?? process.cwd(), name)
}

/** Runs a script's work; a failure is told in one line. */
export async function runScript(work: () => Promise<string>): Promise<void> {
  try {
    console.log(await work())
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
