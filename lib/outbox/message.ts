/** Something that a change starts elsewhere. */
export interface OutboxMessage {
  /** The name of its target: `jobs` are the functions that work in the background. */
  target: string
  /** Messages of one subject are sent in the order in which they were written. */
  subject: string
  /** Sent twice with the same id, it is worked on once. */
  id: string
  /** The event's name, such as `generation/requested`. */
  name: string
  data: Record<string, unknown>
}

/** A message as the outbox keeps it until it is sent. */
export interface Unsent extends OutboxMessage {
  workspaceId: string
  /** How often it was refused while others were taken. */
  tries: number
}

/** A message that its target wants to have again. */
export interface Later {
  id: string
  /** Until then it waits, and with it what comes after it about the same subject. */
  ms: number
}

/** Takes messages. */
export interface Target {
  /** Whether this process can send to it at all. */
  isReady(): boolean
  /** Most messages that it is given at a time; left out: `limits.outbox_batch`. */
  readonly most?: number
  /** Times that a relay gives it messages at once, so that what is slow holds up nothing else; left out: one. */
  readonly lanes?: number
  /**
   * @returns those that it wants to have again, for reasons of their own
   * @throws when it has not taken all of them; sending them again is safe
   */
  send(messages: readonly OutboxMessage[]): Promise<readonly Later[] | void>
}
