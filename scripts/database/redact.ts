/** `npm run redact -- PROMPT VERSION`: erases what a version says, for a secret that was pasted into it. */
import { actorOf } from '#lib/access/actor.ts'
import { loadLocalIdentity, localOwner } from '#lib/access/identify.ts'
import { newId } from '#lib/id.ts'
import { redactVersion } from '#lib/prompts/operations/redact-version.ts'
import { getRuntime } from '#lib/runtime.ts'
import { commandLine, migrateDatabase, runScript } from './arguments.ts'

const USAGE = `Name the prompt and the number of its version: ${commandLine('redact -- PROMPT VERSION')}. What the version says is erased for good, and what was generated with it; numbers, checksum and authors stay.`

await runScript(async () => {
  const [name, number] = process.argv.slice(2)
  const version = Number(number)
  if (name === undefined || !Number.isInteger(version) || version < 1) throw new Error(USAGE)
  await migrateDatabase()
  try {
    const owner = localOwner(await loadLocalIdentity())
    const actor = actorOf(owner, { id: newId(), surface: 'rest', outcome: {} })
    await redactVersion(actor, { name, version })
    return `Version ${version} of "${name}" is redacted. Backups that were made before still hold it.`
  } finally {
    await getRuntime().close()
  }
})
