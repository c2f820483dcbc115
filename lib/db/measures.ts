import { Counts, Durations } from '../durations.ts'

/** Which kind of server a connection goes to. */
export type ServerKind = 'primary' | 'replica'

/** A statement that has ended. */
interface EndedStatement {
  server: ServerKind
  /** The name that we gave it; undefined: it has none. */
  name: string | undefined
  text: string
  /** A moment of performance.now(). */
  started: number
  hasFailed: boolean
}

/** A statement that took longer than `limits.slow_statement_ms`. Its text has placeholders and no values. */
export interface SlowStatement {
  /** When it ended, in milliseconds since 1970. */
  at: number
  server: ServerKind
  /** As in `incipit_database_slow_statements_total`. */
  name: string
  /** The beginning of it. */
  text: string
  /** How long it took, its way there and back included. */
  ms: number
  hasFailed: boolean
}

interface Limits {
  slow_statement_ms: number
  slow_statements: number
}

/** Upper bounds in seconds: from an answer out of the server's memory to its own limit. */
const STATEMENT_BOUNDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const WAIT_BOUNDS = [0.0001, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5]
const TEXT_LENGTH = 1000
/** Names of slow statements that are counted apart. */
const NAMES_MAX = 200
/** A name that we gave: `prompts.read`. Those of Prisma and the queue are numbers. */
const OUR_NAME = /^[a-z]+\.[a-z_-]+$/

/** What connections to the database cost. Every statement and every wait for a connection ends here. */
export class DatabaseMeasures {
  /** By server and outcome. */
  readonly statements = new Durations(STATEMENT_BOUNDS)
  /** Time until a connection was free, by server and outcome. */
  readonly waits = new Durations(WAIT_BOUNDS)
  /** Slow statements by name. */
  readonly slow = new Counts()
  readonly #limits: Limits
  readonly #kept: SlowStatement[] = []

  constructor(limits: Limits) {
    this.#limits = limits
  }

  /** The slow statements of this process that came last, the newest first; `limits.slow_statements` at most. */
  get slowStatements(): SlowStatement[] {
    return this.#kept.toReversed()
  }

  ended({ server, name, text, started, hasFailed }: EndedStatement): void {
    const ms = performance.now() - started
    this.statements.add(`${server} ${hasFailed ? 'failed' : 'ok'}`, ms / 1000)
    if (ms < this.#limits.slow_statement_ms) return
    const known = knownName(name, text)
    const counted = this.slow.has(known) || this.slow.size < NAMES_MAX ? known : 'other'
    this.slow.add(counted)
    this.#kept.push({
      at: Date.now(),
      server,
      name: counted,
      text: text.slice(0, TEXT_LENGTH),
      ms,
      hasFailed,
    })
    if (this.#kept.length > this.#limits.slow_statements) this.#kept.shift()
  }

  waited(server: ServerKind, started: number, hasFailed: boolean): void {
    this.waits.add(`${server} ${hasFailed ? 'failed' : 'ok'}`, (performance.now() - started) / 1000)
  }
}

function knownName(name: string | undefined, text: string): string {
  if (name !== undefined && OUR_NAME.test(name)) return name
  if (name?.startsWith('pgboss.') === true) return 'queue'
  // The end of a transaction waits for the disk.
  return /^\s*commit\b/i.test(text) ? 'commit' : 'other'
}
