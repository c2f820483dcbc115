/** `npm run admin -- …`: what an operator does for the people of a server, also while it runs. */
import type { Actor } from '#lib/access/actor.ts'
import { loadLocalIdentity, systemActor } from '#lib/access/identify.ts'
import {
  forgetFactors,
  listPeople,
  makeOwner,
  resetByOperator,
  switchAccounts,
} from '#lib/people/operator.ts'
import { getRuntime } from '#lib/runtime.ts'
import { commandLine, migrateDatabase, runScript } from './database/arguments.ts'

interface Command {
  /** What follows its name. */
  argument?: string
  does: string
  run(actor: Actor, argument: string): Promise<string>
}

const COMMANDS: Readonly<Record<string, Command>> = {
  'users list': { does: 'lists everybody who has an account', run: list },
  'users reset': {
    argument: 'E-MAIL',
    does: 'makes a link for a new password: it works once, within an hour by default, and ends all sessions',
    run: reset,
  },
  'users owner': {
    argument: 'E-MAIL',
    does: 'makes a member an owner, where no owner can sign in any more',
    async run(actor, email) {
      await makeOwner(actor, email)
      return `${email} is an owner now.`
    },
  },
  'users forget-factors': {
    argument: 'E-MAIL',
    does: 'takes app, recovery codes and passkeys away from who has lost them',
    async run(actor, email) {
      await forgetFactors(actor, email)
      return `${email} signs in by the password alone now, and can set up another second factor.`
    },
  },
  'accounts off': {
    does: 'leads back to local mode: nobody signs in, and this machine may do everything',
    run: (actor) => switched(actor, 'off'),
  },
  'accounts on': { does: 'takes that back', run: (actor) => switched(actor, 'on') },
}

async function list(actor: Actor): Promise<string> {
  const people = await listPeople(actor)
  if (people.length === 0) return 'Nobody has an account yet.'
  return people
    .map(({ email, name, role, deactivated, second_factor, last_seen_at }) =>
      [
        email,
        name,
        deactivated ? 'deactivated' : (role ?? 'no member'),
        second_factor ? 'second factor' : 'password alone',
        last_seen_at === null ? 'not signed in' : `seen ${last_seen_at.toISOString()}`,
      ].join('\t'),
    )
    .join('\n')
}

async function reset(actor: Actor, email: string): Promise<string> {
  const { url, expires_at } = await resetByOperator(actor, email)
  return `Give this link to ${email}. It works once, until ${expires_at}; a second factor stays on.\n\n${url}\n`
}

async function switched(actor: Actor, to: 'on' | 'off'): Promise<string> {
  if (!(await switchAccounts(actor, to))) return `There is nothing to switch ${to}.`
  return to === 'off'
    ? 'Accounts are off: this machine may do everything, and nobody else may come. Sessions have ended; accounts, keys and history stay.'
    : 'Accounts are on again: everybody signs in or brings a key.'
}

function usage(): string {
  const lines = Object.entries(COMMANDS).map(
    ([name, { argument = '', does }]) =>
      `  ${commandLine(`admin -- ${`${name} ${argument}`.padEnd(28)}`)} ${does}`,
  )
  return ['There are:', ...lines].join('\n')
}

await runScript(async () => {
  const [group = '', verb = '', argument] = process.argv.slice(2)
  const command = COMMANDS[`${group} ${verb}`]
  if (command === undefined || (command.argument !== undefined) !== (argument !== undefined))
    throw new Error(usage())
  await migrateDatabase()
  try {
    return await command.run(systemActor(await loadLocalIdentity()), argument ?? '')
  } finally {
    await getRuntime().close()
  }
})
