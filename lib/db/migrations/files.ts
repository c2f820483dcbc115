import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'

export interface Migration {
  name: string
  sql: string
  checksum: string
  /**
   * The oldest version that serves on when this has been applied, such as `0.2.0`; undefined: only versions that have
   * the migration do.
   */
  worksBeside: string | undefined
}

/** The line of a migration that says so. */
const WORKS_BESIDE = /^-- Works beside versions from (\d+\.\d+\.\d+) on\.$/m

/** The migrations of a folder in the order they apply. */
export async function readMigrations(root: string): Promise<Migration[]> {
  const folder = path.join(root, 'prisma', 'migrations')
  const names = (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(path.join(folder, name, 'migration.sql'), 'utf8')
      const checksum = createHash('sha256').update(sql).digest('hex')
      return { name, sql, checksum, worksBeside: WORKS_BESIDE.exec(sql)?.[1] }
    }),
  )
}
