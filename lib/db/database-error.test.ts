import { describe, expect, it } from 'vitest'
import { appError, isAppError } from '../errors.ts'
import { isUnreachable, sqlState, translateDatabaseError } from './database-error.ts'

/** As Prisma wraps what its adapter throws. */
function wrapped(cause: Record<string, unknown>): Error {
  return Object.assign(new Error('Invalid `prisma.x.y()` invocation'), {
    code: 'P2010',
    meta: { driverAdapterError: Object.assign(new Error('adapter'), { cause }) },
  })
}

describe('isUnreachable', () => {
  it.each([
    'timeout exceeded when trying to connect',
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

  it.each(['ECONNREFUSED', 'ECONNRESET', '57P01', '57P03', '53300', '08006', 'P1001', 'P2028'])(
    'knows the code %s',
    (code) => {
      expect(isUnreachable(Object.assign(new Error('x'), { code }))).toBe(true)
    },
  )

  it.each(['ConnectionClosed', 'DatabaseNotReachable', 'SocketTimeout', 'TooManyConnections'])(
    "knows the adapter's %s",
    (kind) => {
      expect(isUnreachable(wrapped({ kind }))).toBe(true)
    },
  )

  it('tells a missing socket from a missing file', () => {
    const missing = Object.assign(new Error('x'), { code: 'ENOENT' })
    expect(isUnreachable(Object.assign(new Error('x'), { code: 'ENOENT', syscall: 'connect' }))).toBe(true)
    expect(isUnreachable(missing)).toBe(false)
  })

  it.each([new Error('no'), wrapped({ originalCode: '23505' }), undefined, null, 'text'])(
    'is false for %s',
    (error) => {
      expect(isUnreachable(error)).toBe(false)
    },
  )
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
    ['57014', 'unavailable'],
    ['40001', 'conflict'],
    ['40P01', 'conflict'],
    ['22021', 'invalid_input'],
    ['42P01', undefined],
  ])('turns %s into %s', (originalCode, code) => {
    expect(codeOf(wrapped({ originalCode }))).toBe(code)
  })

  it('leaves our own errors as they are', () => {
    const error = appError('not_found', 'No.')
    expect(translateDatabaseError(error)).toBe(error)
  })
})
