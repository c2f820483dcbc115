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
