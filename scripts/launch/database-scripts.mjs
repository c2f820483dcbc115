/** Commands over the database and the script of each, under npm and in an image. */
export const databaseScripts = {
  'db:migrate': 'scripts/database/migrate.ts',
  'db:seed': 'scripts/database/seed.ts',
  'db:reset': 'scripts/database/reset.ts',
  backup: 'scripts/database/backup.ts',
  restore: 'scripts/database/restore.ts',
  redact: 'scripts/database/redact.ts',
  admin: 'scripts/admin.ts',
  'secrets:rotate': 'scripts/database/rotate-secrets.ts',
}

/** It reads a file, without a database. */
export const verifyScript = 'scripts/database/verify-backup.ts'

/** Commands of the operator that look at a database as they find it: it may be away. */
const looking = new Set(['doctor', 'bundle'])
/** Those that ask no database of the settings, unless their options say so. */
const withoutDatabase = new Set(['help', 'backup-verify', 'restore-drill'])

/**
 * What a command of the operator needs of the database.
 * @param {string[]} args its command line
 * @returns {'nothing' | 'a look' | 'it open'}
 */
export function needOfDatabase(args) {
  const name = args.find((arg) => !arg.startsWith('-')) ?? 'help'
  const isAlone = args.includes('--help') || args.includes('-h') || withoutDatabase.has(name)
  if (isAlone && !args.includes('--beside')) return 'nothing'
  return looking.has(name) ? 'a look' : 'it open'
}
