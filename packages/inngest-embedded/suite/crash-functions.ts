import { createHash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { FailureEventArgs, Inngest, InngestFunction } from 'inngest'
import type pg from 'pg'

/** Told to the test that started the process. */
export type Tell = (subject: string, what: string, detail?: unknown) => void

/** Functions for processes that are killed. Each step says when it begins, and whether it had ended before. */
export function crashFunctions(client: Inngest.Any, pool: pg.Pool, tell: Tell): InngestFunction.Any[] {
  /** A step of some length; it checks that no result of it was kept before. */
  async function work(runId: string, subject: string, name: string, ms: number): Promise<string> {
    tell(subject, `begin ${name}`)
    tell('all', `begin ${name}`)
    const { rowCount } = await pool.query('SELECT FROM suite.step WHERE run_id = $1 AND id = $2', [
      runId,
      createHash('sha1').update(name).digest('hex'),
    ])
    if (rowCount !== 0) tell(subject, 'ran again', name)
    await delay(ms)
    return name
  }
  return [
    client.createFunction(
      { id: 'three-steps', triggers: [{ event: 'crash/three-steps' }], retries: 0 },
      async ({ event, step, runId }) => {
        const { subject, ms } = event.data as { subject: string; ms: number }
        await step.run('a', () => work(runId, subject, 'a', 0))
        await step.run('b', () => work(runId, subject, 'b', ms))
        await step.run('c', () => work(runId, subject, 'c', 0))
        await step.run('end', () => {
          tell(subject, 'end')
          tell('all', 'end')
        })
      },
    ),
    client.createFunction(
      {
        id: 'killer',
        triggers: [{ event: 'crash/killer' }],
        onFailure: ({ event, error }: FailureEventArgs) => {
          tell(String(event.data.event.data.subject), 'failure', error.message)
        },
      },
      async ({ event, step }) => {
        const { subject } = event.data as { subject: string }
        await step.run('before', () => tell(subject, 'before'))
        await step.run('kill', async () => {
          tell(subject, 'kill')
          await delay(50)
          process.kill(process.pid, 'SIGKILL')
          await delay(60_000)
        })
      },
    ),
  ]
}
