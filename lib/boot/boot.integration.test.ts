import { afterEach, expect, it, vi } from 'vitest'
import { loadConfig } from '../config/load.ts'
import { checkHealth, checkReadiness } from '../health/check-health.ts'
import { metrics } from '../metrics.ts'
import { createRuntime, type Runtime, setRuntime } from '../runtime.ts'
import { ROOT } from '../testing/database.ts'
import { boot } from './boot.ts'

let runtime: Runtime

afterEach(async () => {
  await runtime.close()
  setRuntime(undefined)
})

it('says that a database is down which was never reached, and tells where it is and why', async () => {
  const config = loadConfig(
    { DATABASE_URL: 'postgresql://me:a-secret@127.0.0.1:1/prompts', INCIPIT_LOG_LEVEL: 'silent' },
    ROOT,
  )
  runtime = createRuntime(config)
  setRuntime(runtime)
  const warn = vi.spyOn(runtime.log, 'warn')
  const booting = boot()
  const told = {
    step: 'migrations',
    database: '127.0.0.1:1/prompts',
    reason: expect.stringContaining('ECONNREFUSED'),
  }
  await vi.waitFor(
    () => expect(warn).toHaveBeenCalledWith(told, 'the database cannot be used yet; waiting for it'),
    10_000,
  )
  expect(JSON.stringify(warn.mock.calls)).not.toContain('a-secret')
  expect(checkHealth()).toMatchObject({ status: 'starting', database: 'down' })
  expect(checkReadiness()).toMatchObject({ status: 'not_ready', checks: { database: 'down' } })
  expect(await metrics().expose()).toContain('incipit_database_up 0')
  runtime.phase = 'draining'
  await booting
})
