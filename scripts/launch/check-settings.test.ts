import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { checkSettings } from './check-settings.mjs'

beforeEach(() => {
  const ours = Object.keys(process.env).filter((name) => /^(INCIPIT_|PORT$|HOST$|DATABASE_URL$)/.test(name))
  for (const name of ours) vi.stubEnv(name, undefined)
})
afterEach(() => vi.unstubAllEnvs())

it.each([
  ['INCIPIT_LIMITS_BODY_BYTES', 'many', 'INCIPIT_LIMITS_BODY_BYTES (limits.body_bytes): expected a number'],
  ['INCIPIT_SECRET', 'short', 'INCIPIT_SECRET and INCIPIT_SECRET_PREVIOUS must have at least 32 characters'],
  [
    'INCIPIT_SECURITY_TRUSTED_PROXIES',
    'nginx',
    'expected an address or a range, such as 10.0.0.5 or 10.0.0.0/8',
  ],
])('tells of %s=%s as the app would', async (name, text, message) => {
  vi.stubEnv(name, text)
  await expect(checkSettings(process.execPath)).rejects.toThrow(message)
})

it('is content with settings that the app takes', async () => {
  vi.stubEnv('HOST', '0.0.0.0')
  await expect(checkSettings(process.execPath)).resolves.toBeUndefined()
})
