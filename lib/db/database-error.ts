import { type AppError, appError, type ErrorCode, isAppError } from '../errors.ts'
import { databaseAway } from './availability.ts'

/** Seconds after which another try can help. */
const SOON = 2
const LATER = 5
/** Somebody has to make room, or another server has to take over. */
const WHEN_MENDED = 10

/** SQLSTATEs and codes of Node and Prisma that mean: no answer came. */
const AWAY =
  /^(08\w{3}|ECONN\w+|EPIPE|ETIMEDOUT|E(?:HOST|NET)UNREACH|EAI_AGAIN|ENOTFOUND|P1001|P1002|P1008|P1017)$/
const AWAY_TEXT =
  /timeout expired|Connection terminated|is not queryable|Query read timeout|server closed the connection|Can't reach database|connection is closed/i
/** The names of such errors in Prisma's adapter, which keeps neither their code nor their text. */
const AWAY_KINDS: ReadonlySet<unknown> = new Set([
  'ConnectionClosed',
  'DatabaseNotReachable',
  'SocketTimeout',
])

interface Refusal {
  code: ErrorCode
  message: string
  retryAfter: number
}

const OVERLOADED: Refusal = {
  code: 'overloaded',
  message: 'More work came at once than there are database connections for. Nothing was changed; try again.',
  retryAfter: SOON,
}
const OUT_OF_MEMORY: Refusal = {
  code: 'overloaded',
  message: 'The database has no memory left for this. Nothing was changed; try again shortly.',
  retryAfter: LATER,
}
const STORAGE_FULL: Refusal = {
  code: 'storage_full',
  message: 'The storage is full or fails, so nothing can be written. Nothing was changed.',
  retryAfter: WHEN_MENDED,
}
const READ_ONLY: Refusal = {
  code: 'read_only',
  message: 'The database takes no changes at the moment: it is read-only. Nothing was changed.',
  retryAfter: LATER,
}
const LOCK_TIMEOUT: Refusal = {
  code: 'lock_timeout',
  message: 'Another change holds what this one needs. Nothing was changed; try again.',
  retryAfter: 1,
}
const RESTARTING: Refusal = {
  code: 'unavailable',
  message: 'The database ended the connection: it is being stopped, started or moved. Try again shortly.',
  retryAfter: SOON,
}
const TOO_LONG: Refusal = { code: 'unavailable', message: 'The database took too long.', retryAfter: LATER }

/**
 * What a server that answers refuses for reasons that pass, by SQLSTATE; also codes of Prisma, and what
 * Node says of files.
 */
const REFUSALS: Readonly<Record<string, Refusal>> = {
  // Disk full, input/output error.
  '53100': STORAGE_FULL,
  '58030': STORAGE_FULL,
  ENOSPC: STORAGE_FULL,
  EDQUOT: STORAGE_FULL,
  EIO: STORAGE_FULL,
  // A standby, or a primary that was fenced off.
  '25006': READ_ONLY,
  EROFS: { ...READ_ONLY, message: 'A file cannot be written: its file system is read-only.' },
  '55P03': LOCK_TIMEOUT,
  // Insufficient resources, too many connections, a limit of the configuration.
  '53000': OVERLOADED,
  '53200': OUT_OF_MEMORY,
  '53300': OVERLOADED,
  '53400': OVERLOADED,
  P2024: OVERLOADED,
  P2028: OVERLOADED,
  P2037: OVERLOADED,
  // Stopped by an administrator, after a crash, not ready yet, idle for too long.
  '57P01': RESTARTING,
  '57P02': RESTARTING,
  '57P03': RESTARTING,
  '57P05': RESTARTING,
  '25P03': RESTARTING,
  '25P04': TOO_LONG,
  '57014': TOO_LONG,
}

/** Refusals that some servers and poolers express in words alone. */
const REFUSAL_TEXTS: readonly (readonly [RegExp, Refusal])[] = [
  [/No space left on device|Disk quota exceeded/i, STORAGE_FULL],
  [/Read-only file system|read-only transaction/i, READ_ONLY],
  // Our own pool, Prisma's, and PgBouncer's.
  [
    /timeout exceeded when trying to connect|Unable to start a transaction in the given time|query_wait_timeout|no more connections allowed/i,
    OVERLOADED,
  ],
]

/** Whether a thrown value says that no answer came from the database (and a retry may help). */
export function isUnreachable(error: unknown): boolean {
  if (refusalOf(error) !== undefined) return false
  for (const part of chain(error)) {
    const code = codeOf(part)
    if (code !== undefined && AWAY.test(code)) return true
    if (code === 'ENOENT' && isOfConnect(part)) return true
    if (AWAY_KINDS.has(kindOf(part))) return true
    if (part instanceof Error && AWAY_TEXT.test(part.message)) return true
  }
  return false
}

/** Whether waiting helps: the database is away, or refuses for a reason that passes. */
export function passes(error: unknown): boolean {
  return isUnreachable(error) || refusalOf(error) !== undefined
}

function refusalOf(error: unknown): Refusal | undefined {
  for (const part of chain(error)) {
    const known = REFUSALS[codeOf(part) ?? '']
    if (known !== undefined) return known
    if (kindOf(part) === 'TooManyConnections') return OVERLOADED
    for (const [text, refusal] of REFUSAL_TEXTS)
      if (part instanceof Error && text.test(part.message)) return refusal
  }
  return undefined
}

/** Refusals of a single statement that carry the code of a passing refusal. */
const OF_THE_STATEMENT: ReadonlySet<Refusal | undefined> = new Set([TOO_LONG, OUT_OF_MEMORY])
const NO_ANSWER_IN_TIME = /Query read timeout/i

/**
 * Whether something fails because of the database and not because of what is asked: it is away or being moved, it
 * has no room, no connections, no place for the row, or somebody holds a lock. A statement that takes too long or too much is not
 * among these, for a smaller one may pass.
 */
export function isAvailability(error: unknown): boolean {
  const refusal = refusalOf(error)
  if (refusal !== undefined) return !OF_THE_STATEMENT.has(refusal)
  // A partition is missing.
  if (sqlState(error) === '23514') return !isAboutData(error)
  const isLate = [...chain(error)].some(
    (part) => part instanceof Error && NO_ANSWER_IN_TIME.test(part.message),
  )
  return !isLate && isUnreachable(error)
}

/** Whether a server or pooler has no connection left for us. */
export function isOutOfConnections(error: unknown): boolean {
  return refusalOf(error) === OVERLOADED
}

/** Why something failed, in one line for the log: messages of PostgreSQL and Node hold no password. */
export function reasonOf(error: unknown): string {
  for (const part of chain(error)) {
    // A name with several addresses: each of them failed for a reason of its own.
    if (part instanceof AggregateError) return part.errors.map(reasonOf).join('; ')
    const code = codeOf(part)
    if (part instanceof Error && part.message !== '')
      return code === undefined || part.message.includes(code) ? part.message : `${part.message} (${code})`
  }
  return String(error)
}

/** A Unix socket that is not there, as against a file of ours that is missing. */
function isOfConnect(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && error.syscall === 'connect'
}

/** The SQLSTATE of a database error, wherever Prisma put it. */
export function sqlState(error: unknown): string | undefined {
  for (const part of chain(error)) {
    const code = codeOf(part)
    if (code !== undefined && /^[0-9A-Z]{5}$/.test(code) && !/^P\d{4}$/.test(code)) return code
  }
  return undefined
}

/** Whether a unique constraint refused the row. */
export function isUniqueViolation(error: unknown): boolean {
  return sqlState(error) === '23505' || [...chain(error)].some((part) => codeOf(part) === 'P2002')
}

/**
 * Whether the database refused what a statement brought, and would refuse it again: wrong data (22), a
 * broken constraint (23), a row too large for an index (54). Where a partition is missing, the row is not
 * at fault; PostgreSQL names no constraint then.
 */
export function isAboutData(error: unknown): boolean {
  const state = sqlState(error)
  if (state === '23514') return [...chain(error)].some((part) => isObject(part) && Boolean(part.constraint))
  return state !== undefined && /^(22|23|54)/.test(state)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/**
 * Turns an error of the database, or of a file that cannot be written, into one of ours; ours pass as they
 * are. What is left over stays as it is and becomes `internal` at the door, with its message in the log alone.
 */
export function translateDatabaseError(error: unknown): unknown {
  if (isAppError(error)) return error
  const refusal = refusalOf(error)
  if (refusal !== undefined) return refused(refusal, error)
  if (isUnreachable(error)) return databaseAway(error)
  const state = sqlState(error)
  if (state === '40001' || state === '40P01')
    return appError('conflict', 'Another change came at the same moment. Try again.', {
      cause: error,
      retryAfter: 1,
    })
  // The referenced row existed when it was looked up.
  if (state === '23503')
    return appError('conflict', 'Something that this needs was deleted at the same moment. Try again.', {
      cause: error,
      retryAfter: 1,
    })
  if (state === '22P05' || state === '22021')
    return appError('invalid_input', 'The text holds a character that cannot be stored.', { cause: error })
  return error
}

function refused({ code, message, retryAfter }: Refusal, cause: unknown): AppError {
  return appError(code, message, { cause, retryAfter })
}

function codeOf(part: unknown): string | undefined {
  if (typeof part !== 'object' || part === null) return undefined
  if ('originalCode' in part && typeof part.originalCode === 'string') return part.originalCode
  if ('code' in part && typeof part.code === 'string') return part.code
  return undefined
}

function kindOf(part: unknown): unknown {
  return typeof part === 'object' && part !== null && 'kind' in part ? part.kind : undefined
}

/** An error, its causes and what Prisma wraps (`meta.driverAdapterError`), outermost first. */
function* chain(error: unknown): Generator {
  let next: unknown = error
  for (let depth = 0; depth < 8 && typeof next === 'object' && next !== null; depth++) {
    yield next
    if (
      'meta' in next &&
      typeof next.meta === 'object' &&
      next.meta !== null &&
      'driverAdapterError' in next.meta
    )
      next = next.meta.driverAdapterError
    else next = 'cause' in next ? next.cause : undefined
  }
}
