/**
 * `npm run secrets:rotate`: makes a new data key and seals every stored secret with it, while instances run.
 * `-- --lost`: takes the secret of this machine as the right one, when that of the database is lost.
 */
import { loadLocalIdentity, operatorActorIn } from '#lib/access/identify.ts'
import { getRuntime } from '#lib/runtime.ts'
import { migrateDatabase, runScript } from './arguments.ts'
import { rotateSecrets } from './rotate-secrets-work.ts'

await runScript(async () => {
  await migrateDatabase()
  try {
    const { workspaceId } = await loadLocalIdentity()
    const operator = await operatorActorIn(workspaceId)
    return (await rotateSecrets(operator, process.argv.includes('--lost'))).text
  } finally {
    await getRuntime().close()
  }
})
