import { describe, expect, it } from 'vitest'
import { idOf, readMessage } from './message.ts'

describe('readMessage', () => {
  it('tells requests, notifications, responses and batches apart', () => {
    const request = { jsonrpc: '2.0', id: 1, method: 'ping' }
    expect(readMessage(request)).toEqual({ kind: 'request', request })
    expect(readMessage({ jsonrpc: '2.0', method: 'notifications/initialized' }).kind).toBe('notification')
    expect(readMessage({ jsonrpc: '2.0', id: 1, result: {} }).kind).toBe('response')
    expect(readMessage({ jsonrpc: '2.0', id: 1, error: { code: 1, message: '' } }).kind).toBe('response')
    expect(readMessage([request]).kind).toBe('batch')
  })

  it.each([
    ['no object', 'ping'],
    ['null', null],
    ['another version', { jsonrpc: '1.0', id: 1, method: 'ping' }],
    ['a null id', { jsonrpc: '2.0', id: null, method: 'ping' }],
    ['a fractional id', { jsonrpc: '2.0', id: 1.5, method: 'ping' }],
    ['a method that is no text', { jsonrpc: '2.0', id: 1, method: 7 }],
    ['parameters that are a list', { jsonrpc: '2.0', id: 1, method: 'ping', params: [] }],
    ['neither a method nor a result', { jsonrpc: '2.0', id: 1 }],
  ])('refuses %s', (_, body) => {
    expect(readMessage(body)).toEqual({ kind: 'invalid' })
  })
})

describe('idOf', () => {
  it('finds the id that an answer can name', () => {
    expect(idOf({ id: 'a' })).toBe('a')
    expect(idOf({ id: 0 })).toBe(0)
    expect(idOf({ id: null })).toBeUndefined()
    expect(idOf([{ id: 1 }])).toBeUndefined()
  })
})
