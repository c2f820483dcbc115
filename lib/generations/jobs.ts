import type { OutboxMessage } from '../outbox/message.ts'
import type { Target } from './streaming/read-progress.ts'

/** What the function has to know of a generation that waits. */
export interface Waiting extends Target {
  /** What calls at the same time are counted by. */
  provider: string
  queue: 'interactive' | 'batch'
  /** How often it was handed to a run anew; each is an event of its own. */
  sweep?: number | undefined
}

/** The event that makes a function run a generation: its id is the row's, so that one sent twice runs once. */
export function requested({ workspaceId, id, provider, queue, sweep }: Waiting): OutboxMessage {
  return {
    target: 'jobs',
    subject: id,
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
export function cancelled({ workspaceId, id }: Target): OutboxMessage {
  return {
    target: 'jobs',
    subject: id,
    name: 'generation/cancelled',
    id: `${id}.cancelled`,
    data: { generation_id: id, workspace_id: workspaceId },
  }
}

/** The event that makes a function send the generations of a batch. */
export function batchRequested({ workspaceId, id }: Target): OutboxMessage {
  return {
    target: 'jobs',
    subject: id,
    name: 'generation/batch.requested',
    id,
    data: { batch_id: id, workspace_id: workspaceId },
  }
}
