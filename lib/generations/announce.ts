import { type Job, jobSender } from '../jobs.ts'
import { getRuntime } from '../runtime.ts'
import type { Target } from './streaming/read-progress.ts'

/** What the function has to know of a generation that waits. */
export interface Waiting extends Target {
  /** What calls at the same time are counted by. */
  provider: string
  queue: 'interactive' | 'batch'
  /** How often the sweeper has sent it; each is an event of its own. */
  sweep?: number | undefined
}

/** The event that makes a function run a generation: its id is the row's, so that one sent twice runs once. */
export function requested({ workspaceId, id, provider, queue, sweep }: Waiting): Job {
  return {
    name: 'generation/requested',
    id: sweep === undefined ? id : `${id}.${sweep}`,
    data: {
      generation_id: id,
      workspace_id: workspaceId,
      provider,
      queue,
      ...(sweep !== undefined && { sweep }),
    },
  }
}

/** The event that ends the function's run. */
export function cancelled({ workspaceId, id }: Target): Job {
  return {
    name: 'generation/cancelled',
    id: `${id}.cancelled`,
    data: { generation_id: id, workspace_id: workspaceId },
  }
}

/**
 * Hands events over once their rows are committed. A failure is no error of the caller: rows that stay queued
 * are sent again by the sweeper, and what was stopped is stopped in its row.
 */
export async function announce(jobs: readonly Job[]): Promise<void> {
  if (jobs.length === 0) return
  try {
    await jobSender().send(jobs)
  } catch (error) {
    getRuntime().log.warn({ err: error, jobs: jobs.length }, 'events could not be sent; the sweeper will')
  }
}
