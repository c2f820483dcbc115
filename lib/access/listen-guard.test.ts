import { describe, expect, it } from 'vitest'
import { loadConfig } from '../config/load.ts'
import { checkListen } from './listen-guard.ts'

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
