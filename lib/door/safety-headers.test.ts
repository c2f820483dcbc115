import { afterEach, beforeEach, expect, it } from 'vitest'
import next from '../../next.config.js'
import { loadConfig } from '../config/load.ts'
import { createRuntime, setRuntime } from '../runtime.ts'
import { safetyHeaders } from './safety-headers.ts'

const install = (environment: Record<string, string>) =>
  setRuntime(createRuntime(loadConfig({ INCIPIT_LOG_LEVEL: 'silent', ...environment }, '/nowhere')))
beforeEach(() => install({}))
afterEach(() => setRuntime(undefined))

it('are the same where Next sends them', async () => {
  const [everything] = (await next.headers?.()) ?? []
  for (const { key, value } of everything?.headers ?? [])
    expect([key, safetyHeaders()[key.toLowerCase()]]).toEqual([key, value])
})

it('ask browsers for https where the public address has it', () => {
  expect(safetyHeaders()).not.toHaveProperty('strict-transport-security')
  install({ INCIPIT_URL: 'https://prompts.example.org' })
  expect(safetyHeaders()['strict-transport-security']).toBe('max-age=31536000')
  install({ INCIPIT_URL: 'https://prompts.example.org', INCIPIT_SECURITY_HSTS_SECONDS: '0' })
  expect(safetyHeaders()).not.toHaveProperty('strict-transport-security')
})
