import { describe, expect, it } from 'vitest'
import { loadConfig } from '../config/load.ts'
import { isLocalMode, isSafeAddress, unsafeAddress } from './listen-guard.ts'

const config = loadConfig({}, '/nowhere')

describe('accounts', () => {
  const reason = (publicUrl: string, allow_http = false) =>
    unsafeAddress({ ...config, publicUrl, security: { ...config.security, allow_http } })

  it.each(['https://prompts.example.org', 'http://localhost:3000', 'http://127.1.2.3', 'http://[::1]:3000'])(
    'are served under %s',
    (publicUrl) => {
      expect(reason(publicUrl)).toBeUndefined()
      expect(isSafeAddress(publicUrl)).toBe(true)
    },
  )

  it.each(['http://prompts.internal', 'http://192.168.1.4:3000', 'http://localhost.evil.example'])(
    'are not served under %s, unless the operator says so; OAuth is not there either way',
    (publicUrl) => {
      expect(reason(publicUrl)).toContain('security.allow_http')
      expect(reason(publicUrl, true)).toBeUndefined()
      expect(isSafeAddress(publicUrl)).toBe(false)
    },
  )
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
