/**
 * `npm run secrets:rotate`: makes a new data key and seals every stored secret with it, while instances run.
 * `-- --lost`: takes the secret of this machine as the right one, when that of the database is lost.
 */
import { loadLocalIdentity, systemActor, systemActorIn } from '#lib/access/identify.ts'
import { getRuntime } from '#lib/runtime.ts'
import { checkSecret, takeSecret } from '#lib/secrets/known-secret.ts'
import { rotateDataKey } from '#lib/secrets/operations/rotate-data-key.ts'
import { rewrapDataKeys } from '#lib/secrets/wraps.ts'
import { migrateDatabase, runScript } from './arguments.ts'

await runScript(async () => {
  await migrateDatabase()
  try {
    const identity = await loadLocalIdentity()
    await (process.argv.includes('--lost') ? takeSecret() : checkSecret())
    await rewrapDataKeys()
    const { pool } = getRuntime().database.primary
    const { rows } = await pool.query<{ id: string }>('SELECT id FROM workspace ORDER BY id')
    const done = [await rotateDataKey(systemActor(identity), { installation: true })]
    for (const { id } of rows) done.push(await rotateDataKey(await systemActorIn(id), {}))
    const count = done.reduce((sum, { resealed }) => sum + resealed, 0)
    const lost = done.flatMap(({ unreadable }) => unreadable)
    const rest = lost.length === 0 ? '' : ` These cannot be read, enter them again: ${lost.join(', ')}.`
    return `A new data key seals everything: ${count} stored secrets were sealed anew.${rest}`
  } finally {
    await getRuntime().close()
  }
})
