import { describe, expect, it } from 'vitest'
import { appError, isAppError } from '../errors.ts'
import { isAboutData, isUnreachable, reasonOf, sqlState, translateDatabaseError } from './database-error.ts'

/** As Prisma wraps what its adapter throws. */
function wrapped(cause: Record<string, unknown>): Error {
  return Object.assign(new Error('Invalid `prisma.x.y()` invocation'), {
    code: 'P2010',
    meta: { driverAdapterError: Object.assign(new Error('adapter'), { cause }) },
  })
}

describe('isAboutData', () => {
  it.each([
    ['22P02', undefined, true],
    ['22003', undefined, true],
    ['22021', undefined, true],
    ['23502', undefined, true],
    ['23503', 'usage_actor_fkey', true],
    ['23514', 'duration_check', true],
    ['23514', undefined, false],
    ['54000', undefined, true],
    ['53100', undefined, false],
    ['40001', undefined, false],
    ['57P01', undefined, false],
    ['ECONNREFUSED', undefined, false],
  ])('%s of the constraint %s: %s', (code, constraint, expected) => {
    expect(isAboutData(Object.assign(new Error('refused'), { code, constraint }))).toBe(expected)
  })

  it('finds it inside what Prisma throws', () => {
    expect(isAboutData(wrapped({ originalCode: '22P05' }))).toBe(true)
  })
})

describe('isUnreachable', () => {
  it.each([
    'timeout expired',
    'Connection terminated due to connection timeout',
    'Connection terminated unexpectedly',
    'Client has encountered a connection error and is not queryable',
    'Client was closed and is not queryable',
    'Query read timeout',
    'server closed the connection unexpectedly',
  ])('knows what node-postgres says: %s', (message) => {
    expect(isUnreachable(new Error(message))).toBe(true)
    expect(isUnreachable(new Error('outer', { cause: new Error(message) }))).toBe(true)
  })

  it.each(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', '08006', 'P1001'])(
    'knows the code %s',
    (code) => {
      expect(isUnreachable(Object.assign(new Error('x'), { code }))).toBe(true)
    },
  )

  it.each(['ConnectionClosed', 'DatabaseNotReachable', 'SocketTimeout'])("knows the adapter's %s", (kind) => {
    expect(isUnreachable(wrapped({ kind }))).toBe(true)
  })

  it('tells a missing socket from a missing file', () => {
    const missing = Object.assign(new Error('x'), { code: 'ENOENT' })
    expect(isUnreachable(Object.assign(new Error('x'), { code: 'ENOENT', syscall: 'connect' }))).toBe(true)
    expect(isUnreachable(missing)).toBe(false)
  })

  it.each([
    new Error('no'),
    wrapped({ originalCode: '23505' }),
    wrapped({ originalCode: '53300' }),
    undefined,
    null,
    'text',
  ])('is false for %s', (error) => {
    expect(isUnreachable(error)).toBe(false)
  })
})

describe('reasonOf', () => {
  it('tells the first words and the code', () => {
    const cause = Object.assign(new Error('getaddrinfo ENOTFOUND nowhere'), { code: 'ENOTFOUND' })
    expect(reasonOf(cause)).toBe('getaddrinfo ENOTFOUND nowhere')
    expect(reasonOf(Object.assign(new Error('no such user'), { code: '28P01' }))).toBe('no such user (28P01)')
  })

  it('tells each address of a name', () => {
    const error = new AggregateError([
      new Error('connect ECONNREFUSED ::1:1'),
      new Error('connect ECONNREFUSED 127.0.0.1:1'),
    ])
    expect(reasonOf(error)).toBe('connect ECONNREFUSED ::1:1; connect ECONNREFUSED 127.0.0.1:1')
  })
})

describe('translateDatabaseError', () => {
  const codeOf = (error: unknown) => {
    const translated = translateDatabaseError(error)
    return isAppError(translated) ? translated.code : undefined
  }

  it('finds the SQLSTATE inside what Prisma throws', () => {
    expect(sqlState(wrapped({ originalCode: '40P01' }))).toBe('40P01')
  })

  it.each([
    ['57P01', 'unavailable'],
    ['57P02', 'unavailable'],
    ['57P03', 'unavailable'],
    ['57P05', 'unavailable'],
    ['57014', 'unavailable'],
    ['53100', 'storage_full'],
    ['58030', 'storage_full'],
    ['25006', 'read_only'],
    ['55P03', 'lock_timeout'],
    ['53000', 'overloaded'],
    ['53200', 'overloaded'],
    ['53300', 'overloaded'],
    ['53400', 'overloaded'],
    ['40001', 'conflict'],
    ['40P01', 'conflict'],
    ['22021', 'invalid_input'],
    ['42P01', undefined],
  ])('turns %s into %s', (originalCode, code) => {
    expect(codeOf(wrapped({ originalCode }))).toBe(code)
  })

  it.each([
    ['ENOSPC', 'storage_full'],
    ['EDQUOT', 'storage_full'],
    ['EROFS', 'read_only'],
    ['P2024', 'overloaded'],
    ['P2028', 'overloaded'],
    ['P2037', 'overloaded'],
  ])('turns %s of a file or of Prisma into %s', (code, told) => {
    expect(codeOf(Object.assign(new Error('x'), { code }))).toBe(told)
    expect(codeOf(new Error('outer', { cause: Object.assign(new Error('x'), { code }) }))).toBe(told)
  })

  it.each([
    ['timeout exceeded when trying to connect', 'overloaded'],
    ['Unable to start a transaction in the given time.', 'overloaded'],
    ['no more connections allowed (max_client_conn)', 'overloaded'],
    ['query_wait_timeout', 'overloaded'],
    ['could not extend file "base/5/16384": No space left on device', 'storage_full'],
    ['could not write to file: Disk quota exceeded', 'storage_full'],
    ['cannot execute INSERT in a read-only transaction', 'read_only'],
  ])('knows it by its words: %s', (message, told) => {
    expect(codeOf(new Error(message))).toBe(told)
  })

  it('takes a pool of the adapter without connections for an overload', () => {
    expect(codeOf(wrapped({ kind: 'TooManyConnections' }))).toBe('overloaded')
  })

  it.each(['53100', '58030', '25006', '55P03', '53200', '53300', '57014', '57P01'])(
    'says with %s when to try again, and not that the database gives no answer',
    (originalCode) => {
      const error = translateDatabaseError(wrapped({ originalCode }))
      if (!isAppError(error)) throw new Error('not translated')
      expect(error.retryAfter).toBeGreaterThan(0)
      expect(error.message).not.toContain('does not answer')
    },
  )

  it('leaves our own errors as they are', () => {
    const error = appError('not_found', 'No.')
    expect(translateDatabaseError(error)).toBe(error)
  })
})
