import type { Actor } from '#lib/access/actor.ts'
import { UPKEEP } from '#lib/boot/boot.ts'
import { readInstances } from '#lib/health/instances.ts'
import { dropMessage } from '#lib/health/operations/drop-message.ts'
import { noMessage, resendMessage } from '#lib/health/operations/resend-message.ts'
import { readPoisoned, readUpkeep } from '#lib/health/read-work.ts'
import { getRuntime } from '#lib/runtime.ts'
import { createUpkeep, type UpkeepStep } from '#lib/upkeep/upkeep.ts'
import { commandLine } from '../database/arguments.ts'
import { rotateSecrets } from '../database/rotate-secrets-work.ts'
import { type Answer, type Commands, UsageError } from './command.ts'
import { columns } from './print.ts'

export const upkeepCommands = {
  'secrets rotate': {
    as: 'operator',
    options: {
      lost: { does: 'take the secret of this machine as the right one: that of the database is lost' },
    },
    does: 'makes a new data key and seals every stored secret with it, while instances run',
    more: 'Broken off, run it again. It is npm run secrets:rotate.',
    example: 'npm run admin -- secrets rotate',
    async run(actor, { options }) {
      const done = await rotateSecrets(actor, options.lost === true)
      return { text: done.text, data: { resealed: done.resealed, unreadable: done.unreadable } }
    },
  },
  'upkeep status': {
    as: 'operator',
    does: 'tells when each step of the upkeep was done last, and which is late',
    example: 'npm run admin -- upkeep status',
    run: status,
  },
  'upkeep run': {
    as: 'operator',
    args: ['[STEP]'],
    does: 'does one step of the upkeep now, or all of them',
    more: 'Where an instance is at it at this moment, that is left to it.',
    example: 'npm run admin -- upkeep run make_partitions',
    run: (_actor, { values: [step] }) => runSteps(step),
  },
  'outbox list': {
    as: 'operator',
    does: 'lists the messages that were refused again and again',
    example: 'npm run admin -- outbox list',
    run: listPoisoned,
  },
  'outbox resend': {
    as: 'operator',
    args: ['ID'],
    does: 'has such a message sent again',
    example: 'npm run admin -- outbox resend 019a2f6e-0000-7000-8000-000000000000',
    async run(actor, { values: [id = ''] }) {
      await resendMessage(actor, { id })
      return { text: `The message ${id} is sent again within seconds, by a running instance.`, data: { id } }
    },
  },
  'outbox drop': {
    as: 'operator',
    args: ['ID'],
    options: { yes: { does: 'do it: without this it says what would be given up' } },
    does: 'gives up such a message for good, so that later ones of its subject go out',
    more: 'For one that can never be sent. A generation whose message is dropped is handed to a run anew, or fails in the end; a mail is not sent. The audit log has it.',
    example: 'npm run admin -- outbox drop 019a2f6e-0000-7000-8000-000000000000 --yes',
    run: (actor, { values: [id = ''], options }) => drop(actor, id, options.yes === true),
  },
  instances: {
    as: 'operator',
    does: 'lists the processes that serve this database',
    example: 'npm run admin -- instances',
    run: listInstances,
  },
} satisfies Commands

const pool = () => getRuntime().database.primary.pool

async function status(): Promise<Answer> {
  const steps = await readUpkeep(pool(), UPKEEP)
  const rows = steps.map(({ step, last_at, next_at, late }) => [
    step,
    last_at === null ? 'never' : `last ${last_at}`,
    next_at === null ? 'due' : `next ${next_at}`,
    late ? 'late' : '',
  ])
  return { text: columns(rows), data: { items: steps }, isBad: steps.some(({ late }) => late) }
}

async function runSteps(name: string | undefined): Promise<Answer> {
  const steps = UPKEEP.filter((step) => name === undefined || step.name === name)
  if (steps.length === 0)
    throw new UsageError(
      `There is no step "${name}". There are: ${UPKEEP.map((step) => step.name).join(', ')}.`,
    )
  const reasons = new Map<string, string>()
  const upkeep = createUpkeep(
    steps.map((step) => told(step, reasons)),
    getRuntime().log,
  )
  const before = await readUpkeep(pool(), steps)
  await upkeep.round(true)
  const after = await readUpkeep(pool(), steps)
  const outcomes = after.map(({ step, last_at }, n) => ({
    step,
    outcome: reasons.has(step) ? 'failed' : last_at === before[n]?.last_at ? 'left to an instance' : 'done',
    reason: reasons.get(step) ?? null,
  }))
  return {
    text: columns(outcomes.map(({ step, outcome, reason }) => [step, outcome, reason ?? ''])),
    data: { items: outcomes },
    isBad: reasons.size > 0,
  }
}

/** The same step, which also tells why it failed. */
function told(step: UpkeepStep, reasons: Map<string, string>): UpkeepStep {
  return {
    ...step,
    async run(now) {
      try {
        return await step.run(now)
      } catch (error) {
        reasons.set(step.name, error instanceof Error ? error.message : String(error))
        throw error
      }
    },
  }
}

const poisonedOf = ({ workspaceId }: Actor) =>
  readPoisoned(pool(), workspaceId, getRuntime().config.limits.outbox_tries)

async function listPoisoned(actor: Actor): Promise<Answer> {
  const items = await poisonedOf(actor)
  const rows = items.map((each) => [each.id, each.name, each.subject, `${each.tries} tries`, each.written_at])
  return { text: rows.length === 0 ? 'No message is refused.' : columns(rows), data: { items } }
}

async function drop(actor: Actor, id: string, isSure: boolean): Promise<Answer> {
  if (!isSure) {
    const found = (await poisonedOf(actor)).find((message) => message.id === id)
    if (found === undefined) throw noMessage(id)
    const { name, subject, written_at } = found
    throw new UsageError(
      `This gives up ${name} about ${subject}, of ${written_at}, for good. To do it: ${commandLine(`admin -- outbox drop ${id} --yes`)}`,
    )
  }
  await dropMessage(actor, { id })
  return { text: `The message ${id} is given up.`, data: { id, dropped: true } }
}

async function listInstances(): Promise<Answer> {
  const items = await readInstances(pool(), getRuntime().config.limits.instance_ms)
  const rows = items.map((each) => [
    each.host,
    String(each.pid),
    each.version,
    each.commit ?? 'no commit',
    `since ${each.started_at}`,
    `seen ${each.seen_at}`,
  ])
  return { text: rows.length === 0 ? 'No instance gives a sign of life.' : columns(rows), data: { items } }
}
