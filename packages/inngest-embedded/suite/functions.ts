import { setTimeout as delay } from 'node:timers/promises'
import {
  type FailureEventArgs,
  type Inngest,
  type InngestFunction,
  NonRetriableError,
  RetryAfterError,
  StepError,
} from 'inngest'
import type { Journal } from './journal.ts'

/** The name of one of the suite's events: on a server each run of the suite has names of its own. */
export type EventNames = (name: string) => string

export const usualName: EventNames = (name) => `suite/${name}`

/** What every event of the suite carries. */
interface Data {
  subject: string
  [more: string]: unknown
}

type Write = (data: unknown, what: string, detail?: unknown) => Data

/**
 * The functions whose behaviour is checked, each the smallest that shows one thing. They are ordinary
 * Inngest functions: the same file runs on the embedded runner and on a server.
 */
export function suiteFunctions(
  client: Inngest.Any,
  journal: Journal,
  nameOf: EventNames = usualName,
): InngestFunction.Any[] {
  const write: Write = (data, what, detail) => {
    const own = data as Data
    journal.write(own.subject, what, detail)
    return own
  }
  return [
    ...stepFunctions(client, write, nameOf),
    ...retryFunctions(client, write, nameOf),
    ...flowFunctions(client, write, nameOf),
    ...failureFunctions(client, write, nameOf),
  ]
}

function stepFunctions(client: Inngest.Any, write: Write, nameOf: EventNames): InngestFunction.Any[] {
  return [
    client.createFunction(
      { id: 'steps', triggers: [{ event: nameOf('steps') }] },
      async ({ event, step }) => {
        const one = await step.run('one', () => write(event.data, 'one') && 1)
        const two = await step.run('two', () => write(event.data, 'two') && one + 1)
        write(event.data, 'end', two)
        return two
      },
    ),
    client.createFunction({ id: 'long', triggers: [{ event: nameOf('long') }] }, async ({ event, step }) => {
      for (const name of ['a', 'b', 'c'])
        await step.run(name, async () => {
          write(event.data, 'begin', name)
          await delay(300)
        })
      await step.run('end', () => void write(event.data, 'end'))
    }),
    client.createFunction(
      { id: 'sleep', triggers: [{ event: nameOf('sleep') }] },
      async ({ event, step }) => {
        await step.run('before', () => void write(event.data, 'before'))
        await step.sleep('a while', '2s')
        await step.run('after', () => void write(event.data, 'after'))
      },
    ),
  ]
}

function retryFunctions(client: Inngest.Any, write: Write, nameOf: EventNames): InngestFunction.Any[] {
  return [
    client.createFunction(
      { id: 'retried', triggers: [{ event: nameOf('retried') }], retries: 2 },
      async ({ event, step, attempt }) => {
        await step.run('kept', () => void write(event.data, 'kept'))
        await step.run('fails twice', () => {
          write(event.data, 'try', attempt)
          if (attempt < 2) throw new Error('not yet')
        })
        write(event.data, 'end')
      },
    ),
    client.createFunction(
      { id: 'caught', triggers: [{ event: nameOf('caught') }], retries: 1 },
      async ({ event, step }) => {
        try {
          await step.run('always fails', () => {
            write(event.data, 'try')
            throw new Error('always')
          })
        } catch (error) {
          const isStepError = error instanceof StepError
          await step.run('handle', () => void write(event.data, 'caught', isStepError && error.message))
        }
      },
    ),
    client.createFunction(
      { id: 'retry-after', triggers: [{ event: nameOf('retry-after') }], retries: 1 },
      async ({ event, step, attempt }) => {
        await step.run('busy', () => {
          write(event.data, 'try')
          if (attempt === 0) throw new RetryAfterError('busy', '3s')
        })
        write(event.data, 'end')
      },
    ),
  ]
}

function flowFunctions(client: Inngest.Any, write: Write, nameOf: EventNames): InngestFunction.Any[] {
  const busy = async (data: unknown, ms: number) => {
    write(data, 'begin')
    await delay(ms)
    write(data, 'end')
  }
  return [
    client.createFunction(
      {
        id: 'limited-by-key',
        triggers: [{ event: nameOf('limited') }],
        concurrency: [{ limit: 2, key: 'event.data.group' }],
      },
      async ({ event, step }) => step.run('work', () => busy(event.data, 150)),
    ),
    client.createFunction(
      {
        id: 'one-at-a-time',
        triggers: [{ event: nameOf('one-at-a-time') }],
        concurrency: 1,
        priority: { run: 'event.data.urgent ? 100 : 0' },
      },
      async ({ event, step }) => step.run('work', () => busy(event.data, 100)),
    ),
    client.createFunction(
      {
        id: 'cancelled-by-match',
        triggers: [{ event: nameOf('cancelled') }],
        cancelOn: [
          { event: nameOf('cancel'), match: 'data.subject' },
          { event: nameOf('cancel-group'), if: 'async.data.group == event.data.group' },
        ],
      },
      async ({ event, step }) => {
        await step.run('before', () => void write(event.data, 'before'))
        await step.sleep('long enough', '4s')
        await step.run('after', () => void write(event.data, 'after'))
      },
    ),
    client.createFunction({ id: 'once', triggers: [{ event: nameOf('once') }] }, async ({ event, step }) =>
      step.run('work', () => void write(event.data, 'ran')),
    ),
    client.createFunction(
      { id: 'conditional', triggers: [{ event: nameOf('conditional'), if: 'event.data.number > 3' }] },
      async ({ event, step }) => step.run('work', () => void write(event.data, 'ran')),
    ),
  ]
}

function failureFunctions(client: Inngest.Any, write: Write, nameOf: EventNames): InngestFunction.Any[] {
  const triggering = (data: unknown) => (data as { event: { data: Data } }).event.data
  return [
    client.createFunction(
      {
        id: 'failing',
        triggers: [{ event: nameOf('failing') }],
        retries: 1,
        onFailure: ({ event, error }: FailureEventArgs) => {
          write(event.data.event.data, 'failure', error.message)
        },
      },
      async ({ event }) => {
        write(event.data, 'try')
        throw new Error('it broke')
      },
    ),
    client.createFunction(
      {
        id: 'non-retriable',
        triggers: [{ event: nameOf('non-retriable') }],
        retries: 5,
        onFailure: ({ event, error }: FailureEventArgs) => {
          write(event.data.event.data, 'failure', error.message)
        },
      },
      async ({ event, step }) => {
        await step.run('hopeless', () => {
          write(event.data, 'try')
          throw new NonRetriableError('hopeless')
        })
      },
    ),
    client.createFunction(
      {
        id: 'any-cancelled',
        triggers: [
          {
            event: 'inngest/function.cancelled',
            if: "event.data.function_id.endsWith('cancelled-by-match')",
          },
        ],
      },
      async ({ event, step }) =>
        step.run('note', () => void write(triggering(event.data), 'cancelled event')),
    ),
  ]
}
