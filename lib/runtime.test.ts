import { describe, expect, it } from 'vitest'
import { loadConfig } from './config/load.ts'
import { createRuntime } from './runtime.ts'

function runtimeWith(environment: Record<string, string>, drainMs?: number) {
  const config = loadConfig({ INCIPIT_LOG_LEVEL: 'silent', ...environment }, '/nowhere')
  return createRuntime({ ...config, limits: { ...config.limits, drain_ms: drainMs } })
}

describe('announceShutdown', () => {
  it.each([
    [{ INCIPIT_EMBEDDED: '1' }, undefined, 0],
    [{}, undefined, 5_000],
    [{}, 0, 0],
    [{ INCIPIT_EMBEDDED: '1' }, 1_500, 1_500],
  ])('with %o and drain_ms %o serves on for %i ms, not ready', (environment, drainMs, expected) => {
    const runtime = runtimeWith(environment, drainMs)
    runtime.phase = 'ready'
    expect(runtime.announceShutdown()).toBe(expected)
    expect(runtime.phase).toBe('draining')
  })

  it('serves on for nobody when it never was ready', () => {
    const runtime = runtimeWith({})
    expect(runtime.announceShutdown()).toBe(0)
    expect(runtime.phase).toBe('starting')
  })
})
