import { describe, expect, it } from 'vitest'
import { loadConfig } from '../config/load.ts'
import { checkListen, isLocalMode } from './listen-guard.ts'

const config = loadConfig({}, '/nowhere')

function listening(host: string, allow_open = false) {
  return () =>
    checkListen({ server: { ...config.server, host }, security: { ...config.security, allow_open } })
}

describe('checkListen', () => {
  it.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])(
    'lets an app without accounts listen on %s',
    (host) => {
      expect(listening(host)).not.toThrow()
    },
  )

  it.each(['0.0.0.0', '::', '192.168.1.4', 'prompts.internal'])('refuses %s and names the remedy', (host) => {
    expect(listening(host)).toThrow(/security\.allow_open/)
    expect(listening(host, true)).not.toThrow()
  })
})

describe('isLocalMode', () => {
  const { server, security, publicUrl } = config

  it('is on where nothing lets other machines in', () => {
    expect(isLocalMode(config)).toBe(true)
    expect(isLocalMode({ ...config, server: { ...server, host: '::1' }, publicUrl: 'http://[::1]:1' })).toBe(
      true,
    )
  })

  it.each([
    { server: { ...server, host: '0.0.0.0' }, security, publicUrl },
    { server, security: { ...security, allow_open: true }, publicUrl },
    { server, security: { ...security, allowed_hosts: ['prompts.internal'] }, publicUrl },
    { server, security, publicUrl: 'https://prompts.example.org' },
  ])('is off where something does', (other) => {
    expect(isLocalMode(other)).toBe(false)
  })
})
