import { appError, isAppError } from '../errors.ts'
import { databaseAway } from './availability.ts'

/** SQLSTATE classes and node errors that mean: no usable connection. */
const UNREACHABLE =
  /^(08|57P0|53300|ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|P1001|P1002|P1008|P1017|P2024|P2028|P2037)/
const UNREACHABLE_TEXT =
  /timeout exceeded when trying to connect|timeout expired|Connection terminated|is not queryable|Query read timeout|server closed the connection|Unable to start a transaction in the given time|Can't reach database|connection is closed/i
/** What Prisma's adapter calls such errors; it keeps neither their code nor their text. */
const UNREACHABLE_KINDS: ReadonlySet<unknown> = new Set([
  'ConnectionClosed',
  'DatabaseNotReachable',
  'SocketTimeout',
  'TooManyConnections',
])

/** Whether a thrown value says that the database cannot be reached (and a retry may help). */
export function isUnreachable(error: unknown): boolean {
  for (const part of chain(error)) {
    const code = codeOf(part)
    if (code !== undefined && UNREACHABLE.test(code)) return true
    if (code === 'ENOENT' && isOfConnect(part)) return true
    if (typeof part === 'object' && part !== null && 'kind' in part && UNREACHABLE_KINDS.has(part.kind))
      return true
    if (part instanceof Error && UNREACHABLE_TEXT.test(part.message)) return true
  }
  return false
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
 * Turns a database error into one of ours; ours pass as they are. What is left over stays as it is and
 * becomes `internal` at the door, with its message in the log alone.
 */
export function translateDatabaseError(error: unknown): unknown {
  if (isAppError(error)) return error
  if (isUnreachable(error)) return databaseAway(error)
  const state = sqlState(error)
  if (state === '57014')
    return appError('unavailable', 'The database took too long.', { cause: error, retryAfter: 5 })
  if (state === '40001' || state === '40P01')
    return appError('conflict', 'Another change came at the same moment. Try again.', {
      cause: error,
      retryAfter: 1,
    })
  // What it refers to was there when it was looked for.
  if (state === '23503')
    return appError('conflict', 'Something that this needs was deleted at the same moment. Try again.', {
      cause: error,
      retryAfter: 1,
    })
  if (state === '22P05' || state === '22021')
    return appError('invalid_input', 'The text holds a character that cannot be stored.', { cause: error })
  return error
}

function codeOf(part: unknown): string | undefined {
  if (typeof part !== 'object' || part === null) return undefined
  if ('originalCode' in part && typeof part.originalCode === 'string') return part.originalCode
  if ('code' in part && typeof part.code === 'string') return part.code
  return undefined
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
