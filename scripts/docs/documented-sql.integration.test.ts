import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { freshDatabase, withClient } from '#lib/testing/database.ts'
import { superuser } from '../embedded-postgres/server-files.mjs'
import { readBlocks } from './blocks.ts'

/* The SQL of the documentation is run as it stands, in a database with the app's tables, and taken back. */

const BLOCKS = readBlocks().filter(({ language }) => language === 'sql')

it('every statement that is shown can be run', async () => {
  const database = await freshDatabase()
  const suffix = randomUUID().slice(0, 8)
  // As the administrator of a server.
  const admin = new URL(database.ownerUrl)
  admin.username = superuser
  expect(BLOCKS.length).toBeGreaterThan(2)
  await withClient(admin.href, async (client) => {
    await client.query('BEGIN')
    for (const { place, text } of BLOCKS) {
      // Roles belong to the server: these get names of their own, and end with the transaction.
      const here = text
        .replace(/^CREATE DATABASE .*$/m, '')
        .replaceAll(/\bincipit_(owner|app)\b/g, `incipit_$1_${suffix}`)
        .replaceAll(/\bDATABASE incipit\b/g, `DATABASE "${database.name}"`)
      await client.query(here).catch((error: unknown) => {
        throw new Error(`${place} fails.`, { cause: error })
      })
    }
    await client.query('ROLLBACK')
  })
  await database.drop()
})
