/** `npm run db:seed`: adds what is missing of the first categories and prompts; what exists stays as it is. */
import { migrate } from '#lib/db/migrate.ts'
import { getRuntime } from '#lib/runtime.ts'
import { seedMissing } from '#lib/seed.ts'
import { root } from '../root.mjs'
import { databaseUrl, runScript } from './arguments.ts'

await runScript(async () => {
  await migrate(databaseUrl(), root)
  try {
    const added = await seedMissing()
    return added === 0 ? 'Nothing was missing.' : `Added ${added} categories and prompts.`
  } finally {
    await getRuntime().close()
  }
})
