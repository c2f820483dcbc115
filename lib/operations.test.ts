import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Actor, UNBOUND } from './access/actor.ts'
import { loadConfig } from './config/load.ts'
import { isAppError } from './errors.ts'
import { createRuntime, getRuntime, setRuntime } from './runtime.ts'
import { recordTracing } from './testing/tracing.ts'

/* Walks the folders of operations: each file is one use case, `(actor, input)`, which asks its policy first. */

const files = Object.entries(
  import.meta.glob(['./*/operations/**/*.ts', '!./*/operations/**/*.test.ts'], { eager: true }),
).map(([file, module]) => [file, module as Record<string, unknown>] as const)

const NOBODY: Actor = {
  id: 'a',
  kind: 'key',
  workspaceId: 'w',
  role: 'owner',
  scopes: new Set(),
  ...UNBOUND,
  request: { id: 'r', surface: 'rest', outcome: {} },
}

beforeAll(() => setRuntime(createRuntime(loadConfig({ INCIPIT_LOG_LEVEL: 'silent' }, '/nowhere'))))
afterAll(() => setRuntime(undefined))

describe('an operation', () => {
  it('is found at all', () => expect(files.length).toBeGreaterThan(50))

  it.each(files)(
    '%s is refused to whoever has no scope, before anything else, and has a span of its name',
    async (file, module) => {
      const name = path
        .basename(file, '.ts')
        .replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
      const operation = module[name]
      if (typeof operation !== 'function') throw new Error(`${file} exports no function ${name}`)
      const call = async (): Promise<unknown> => operation(NOBODY, {})
      const { tracing, span } = recordTracing()
      Object.assign(getRuntime().telemetry, { tracing })
      const request = tracing.start(() => ({ name: 'request', kind: 'server' }))
      const error: unknown = await tracing.within(request, call).catch((reason: unknown) => reason)
      expect(isAppError(error) && error.code).toBe('forbidden')
      // Whichever door it is called by, it is seen in the trace.
      expect(span(name).attributes['error.type']).toBe('forbidden')
    },
  )
})
