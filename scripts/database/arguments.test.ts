import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { refuseNpmsLines, refuseTerminal } from './arguments.ts'

beforeEach(() => {
  for (const name of ['npm_lifecycle_event', 'npm_config_loglevel']) vi.stubEnv(name, undefined)
})
afterEach(() => vi.unstubAllEnvs())

it('lets a backup go to stdout where nobody else writes', () => {
  expect(() => refuseNpmsLines('backup -- -')).not.toThrow()
  vi.stubEnv('npm_lifecycle_event', 'backup')
  vi.stubEnv('npm_config_loglevel', 'silent')
  expect(() => refuseNpmsLines('backup -- -')).not.toThrow()
})

it('refuses the stdout of an npm that prints lines of its own, and a terminal', () => {
  vi.stubEnv('npm_lifecycle_event', 'backup')
  expect(() => refuseNpmsLines('backup -- -')).toThrow('npm run --silent backup')
  expect(() => refuseTerminal(true)).toThrow('terminal')
})
