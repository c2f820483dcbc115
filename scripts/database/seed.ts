/** `npm run db:seed`: adds what is missing of the first categories and prompts; existing ones stay as they are. */

import { seedMissing } from '#lib/boot/seed.ts'
import { getRuntime } from '#lib/runtime.ts'
import { migrateDatabase, runScript } from './arguments.ts'

await runScript(async () => {
  await migrateDatabase()
  try {
    const added = await seedMissing()
    return added === 0 ? 'Nothing was missing.' : `Added ${added} categories and prompts.`
  } finally {
    await getRuntime().close()
  }
})
