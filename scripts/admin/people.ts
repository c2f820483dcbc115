import type { Actor } from '#lib/access/actor.ts'
import {
  forgetFactors,
  listPeople,
  makeOwner,
  resetByOperator,
  switchAccounts,
} from '#lib/people/operator.ts'
import { getRuntime } from '#lib/runtime.ts'
import type { Answer, Commands } from './command.ts'
import { columns } from './print.ts'

const EMAIL = 'E-MAIL'

export const peopleCommands = {
  'users list': {
    as: 'operator',
    does: 'lists everybody who has an account',
    example: 'npm run admin -- users list',
    run: list,
  },
  'users reset': {
    as: 'operator',
    args: [EMAIL],
    does: 'makes a link for a new password: it works once, within an hour by default, and ends all sessions',
    example: 'npm run admin -- users reset ada@example.org',
    run: (actor, { values: [email = ''] }) => reset(actor, email),
  },
  'users owner': {
    as: 'operator',
    args: [EMAIL],
    does: 'makes a member an owner, where no owner can sign in any more',
    example: 'npm run admin -- users owner ada@example.org',
    async run(actor, { values: [email = ''] }) {
      await makeOwner(actor, email)
      return { text: `${email} is an owner now.`, data: { email, role: 'owner' } }
    },
  },
  'users forget-factors': {
    as: 'operator',
    args: [EMAIL],
    does: 'takes app, recovery codes and passkeys away from who has lost them',
    example: 'npm run admin -- users forget-factors ada@example.org',
    async run(actor, { values: [email = ''] }) {
      await forgetFactors(actor, email)
      return {
        text: `${email} signs in by the password alone now, and can set up another second factor.`,
        data: { email, second_factor: false },
      }
    },
  },
  'accounts off': {
    as: 'operator',
    does: 'leads back to local mode: nobody signs in, and this machine may do everything',
    example: 'npm run admin -- accounts off',
    run: (actor) => switched(actor, 'off'),
  },
  'accounts on': {
    as: 'operator',
    does: 'takes that back',
    example: 'npm run admin -- accounts on',
    run: (actor) => switched(actor, 'on'),
  },
} satisfies Commands

async function list(actor: Actor): Promise<Answer> {
  const people = await listPeople(actor)
  const text = columns(
    people.map(({ email, name, role, deactivated, second_factor, last_seen_at }) => [
      email,
      name,
      deactivated ? 'deactivated' : (role ?? 'no member'),
      second_factor ? 'second factor' : 'password alone',
      last_seen_at === null ? 'not signed in' : `seen ${last_seen_at.toISOString()}`,
    ]),
  )
  return { text: people.length === 0 ? 'Nobody has an account yet.' : text, data: { items: people } }
}

async function reset(actor: Actor, email: string): Promise<Answer> {
  const { url, expires_at } = await resetByOperator(actor, email)
  const { server, publicUrl } = getRuntime().config
  const hint =
    server.url === undefined
      ? `\nIt leads to ${publicUrl}, by the PORT of this command. With the INCIPIT_URL of the app it leads to where people reach it.\n`
      : ''
  return {
    text: `Give this link to ${email}. It works once, until ${expires_at}; a second factor stays on.\n\n${url}\n${hint}`,
    data: { email, url, expires_at },
  }
}

async function switched(actor: Actor, to: 'on' | 'off'): Promise<Answer> {
  const isSwitched = await switchAccounts(actor, to)
  return {
    text: isSwitched ? SWITCHED[to] : `There is nothing to switch ${to}.`,
    data: { switched: isSwitched },
  }
}

const SWITCHED = {
  off: 'Accounts are off: this machine may do everything, and nobody else may come. It counts where only this machine can reach the app; elsewhere everybody goes on signing in. Sessions have ended; accounts, keys and history stay.',
  on: 'Accounts are on again: everybody signs in or brings a key.',
} as const
