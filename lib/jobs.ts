import { appError } from './errors.ts'
import type { Target } from './outbox/message.ts'
import { getRuntime } from './runtime.ts'

/** Something that happened, for the functions that work in the background. */
export interface Job {
  /** The event's name, such as `generation/requested`. */
  name: string
  /** Sent twice with the same id, it is worked on once. */
  id: string
  data: Record<string, unknown>
}

/** Hands events to the runner of the functions: the embedded runner or an Inngest server. */
export interface JobSender {
  /** @throws when they could not be handed over; sending them again is safe */
  send(jobs: readonly Job[]): Promise<void>
  /** Whether no function was called for longer than usual; the embedded runner calls them itself and has none. */
  isSilent?(): boolean
}

interface Holder {
  sender: JobSender | undefined
}

const holder = (): Holder => getRuntime().once('jobs.sender', () => ({ sender: undefined }))

/** Called once, by what starts the functions: domains know nothing of them. */
export function setJobSender(sender: JobSender): void {
  holder().sender = sender
}

/** @throws unavailable while the functions have not been started */
export function jobSender(): JobSender {
  const { sender } = holder()
  if (sender === undefined)
    throw appError('unavailable', 'Background work has not started yet.', { retryAfter: 2 })
  return sender
}

/** Whether functions are called, as far as this process knows. */
export function isWorkDone(): boolean {
  return holder().sender?.isSilent?.() !== true
}

/** Who runs the functions; undefined while they have not been started. */
export function runnerOfJobs(): 'embedded' | 'server' | undefined {
  const { sender } = holder()
  if (sender === undefined) return undefined
  return sender.isSilent === undefined ? 'embedded' : 'server'
}

/** Where the outbox sends jobs to. */
export const jobTarget: Target = {
  isReady: () => holder().sender !== undefined,
  send: (messages) => jobSender().send(messages.map(({ name, id, data }) => ({ name, id, data }))),
}
