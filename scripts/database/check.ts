/** `npm run db:check`: whether prisma/schema.prisma and the migrations describe the same database. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { freshDatabase, ROOT, withClient } from '#lib/testing/database.ts'
import { compareSchema } from './compare-schema.ts'
import { readSchemaFile } from './schema-file.ts'

const models = readSchemaFile(readFileSync(join(ROOT, 'prisma', 'schema.prisma'), 'utf8'))
const database = await freshDatabase()
try {
  const differences = await withClient(database.url, (client) => compareSchema(client, models))
  for (const difference of differences) console.error(difference)
  if (differences.length > 0) process.exitCode = 1
  else console.log(`The schema and the migrations agree on ${models.size} tables.`)
} finally {
  await database.drop()
}
