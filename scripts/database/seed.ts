/** `npm run db:seed`: adds the categories and prompts of the seed that are missing; changes nothing. */
import { loadConfig } from '#lib/config/load.ts'
import { migrate } from '#lib/db/migrate.ts'
import { getRuntime } from '#lib/runtime.ts'
import { seedMissing } from '#lib/seed.ts'
import { databaseUrl } from './database-url.ts'

await migrate(databaseUrl(), loadConfig().root)
const added = await seedMissing()
console.log(added === 0 ? 'Nothing was missing.' : `Added ${added} categories and prompts.`)
await getRuntime().close()
