/** `npm run admin -- …`: what an operator does with a server, also while it runs. */
import { loadLocalIdentity, operatorActorIn } from '#lib/access/identify.ts'
import { loadConfig } from '#lib/config/load.ts'
import { isAppError } from '#lib/errors.ts'
import { createRuntime, getRuntime, setRuntime } from '#lib/runtime.ts'
import {
  type Answer,
  type Command,
  help,
  type Invocation,
  overview,
  readCommandLine,
  UsageError,
} from './admin/command.ts'
import { COMMANDS } from './admin/commands.ts'
import { migrateDatabase } from './database/arguments.ts'
import { root } from './root.mjs'

const args = process.argv.slice(2)

try {
  const { name, wantsHelp, isJson, given } = readCommandLine(args, COMMANDS)
  const command = name === undefined ? undefined : COMMANDS[name]
  if (name === undefined || command === undefined) console.log(overview(COMMANDS))
  else if (wantsHelp) console.log(help(name, command))
  else tell(await run(command, given), isJson, command.takesStdout?.(given) === true)
} catch (error) {
  fail(error)
}

async function run(command: Command, given: Invocation): Promise<Answer> {
  if (command.as === 'program') return command.run(given)
  // What the app would log has no place between a command's answers.
  const config = loadConfig(process.env, root)
  setRuntime(createRuntime({ ...config, logging: { ...config.logging, level: 'silent' } }))
  await migrateDatabase()
  try {
    const { workspaceId } = await loadLocalIdentity()
    return await command.run(await operatorActorIn(workspaceId), given)
  } finally {
    await getRuntime().close()
  }
}

function tell({ text, data, isBad }: Answer, isJson: boolean, isStdoutTaken: boolean): void {
  const say = isStdoutTaken ? console.error : console.log
  say(isJson ? JSON.stringify(data, null, 2) : text)
  if (isBad === true) process.exitCode = 1
}

function fail(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error)
  const details = isAppError(error) ? (error.details ?? []) : []
  process.exitCode = error instanceof UsageError ? 2 : 1
  if (args.includes('--json'))
    console.log(
      JSON.stringify(
        { error: { message, ...(isAppError(error) && { code: error.code, details }) } },
        null,
        2,
      ),
    )
  else console.error([message, ...told(message, details)].join('\n'))
}

/** What details say beyond the message, a line each. */
function told(message: string, details: readonly { message: string }[]): string[] {
  return details.filter((detail) => `${detail.message}.` !== message).map((detail) => `  ${detail.message}`)
}
