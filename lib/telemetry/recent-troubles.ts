/** A warning or an error that this process has logged. */
export interface Trouble {
  /** ISO 8601 */
  at: string
  level: 'warn' | 'error' | 'fatal'
  message: string
  /** Name and message of what was thrown. */
  error: string | null
  request_id: string | null
}

/** Troubles that are remembered. */
const MOST = 50
/** A message may quote what somebody sent. */
const LONGEST = 300

const LINE = /^\{"level":"(warn|error|fatal)"/

/** The last warnings and errors of a process, as its log has them: secrets are taken out before. */
export class RecentTroubles {
  readonly #lines: string[] = []

  /** @param line of the log, in JSON; others are of no interest */
  note(line: string): void {
    if (!LINE.test(line)) return
    this.#lines.push(line)
    if (this.#lines.length > MOST) this.#lines.shift()
  }

  /** The newest first. */
  list(): Trouble[] {
    return this.#lines.flatMap((line) => parsed(line) ?? []).toReversed()
  }
}

interface Line {
  level: Trouble['level']
  time: string
  msg?: string
  request_id?: string
  err?: { type?: string; message?: string }
}

function parsed(line: string): Trouble | undefined {
  try {
    const { level, time, msg = '', request_id, err }: Line = JSON.parse(line)
    const error = err === undefined ? null : cut([err.type, err.message].filter(Boolean).join(': '))
    return { at: time, level, message: cut(msg), error, request_id: request_id ?? null }
  } catch {
    return undefined
  }
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}
