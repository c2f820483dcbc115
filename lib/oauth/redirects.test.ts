import { describe, expect, it } from 'vitest'
import { isLoopback, isRegistered, redirectFault, redirectHost } from './redirects.ts'

describe('a redirect address', () => {
  it.each([
    'https://vscode.dev/redirect',
    'http://127.0.0.1:33418/',
    'http://localhost/callback',
    'http://[::1]:1/cb?x=1',
    'cursor://anysphere.cursor-retrieval/oauth/callback',
    'com.example.app:/oauth',
  ])('can be %s', (uri) => expect(redirectFault(uri)).toBeUndefined())

  it.each([
    'javascript:alert(1)',
    'JavaScript:alert(1)//https://x',
    ' javascript:alert(1)',
    'java\tscript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    'http://example.org/cb',
    'http://127.0.0.1.example.org/cb',
    'http://localhost:80@example.org/cb',
    'https://user@example.org/cb',
    'https://example.org/cb#x',
    'https://example.org\\@evil.example/cb',
    '/callback',
    '',
  ])('cannot be %j', (uri) => expect(redirectFault(uri)).toBeDefined())

  it('is registered as the very text', () => {
    const registered = ['https://a.example/cb']
    expect(isRegistered('https://a.example/cb', registered)).toBe(true)
    for (const other of [
      'https://a.example/cb/',
      'https://a.example/cb?x',
      'https://A.example/cb',
      'https://a.example/cb/../cb',
      'https://b.example/cb',
      'https://a.example:444/cb',
    ])
      expect(isRegistered(other, registered)).toBe(false)
  })

  it('of a program on this machine has any port, and nothing else is free', () => {
    const registered = ['http://127.0.0.1/cb', 'http://localhost:3000/cb']
    expect(isRegistered('http://127.0.0.1:51000/cb', registered)).toBe(true)
    expect(isRegistered('http://localhost/cb', registered)).toBe(true)
    for (const other of [
      'http://127.0.0.1:51000/other',
      'http://[::1]:51000/cb',
      'http://127.0.0.1:51000@evil.example/cb',
      'http://127.0.0.1.evil.example/cb',
      'https://127.0.0.1/cb',
      'http://127.0.0.2/cb',
    ])
      expect(isRegistered(other, registered)).toBe(false)
  })

  it('is told by its host, or by the scheme of an app', () => {
    expect(redirectHost('https://a.example/cb')).toBe('a.example')
    expect(redirectHost('http://localhost:3000/cb')).toBe('localhost:3000')
    expect(redirectHost('cursor://x/y')).toBe('cursor:')
    expect([isLoopback('http://localhost:3000/cb'), isLoopback('https://localhost/cb')]).toEqual([
      true,
      false,
    ])
  })
})
