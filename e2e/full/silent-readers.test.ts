import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call, stopCleanly } from '../faults/harness/api.ts'
import { expectReadersLetGo, UNSENT_BYTES } from '../faults/harness/silent-readers.ts'
import { until } from '../faults/harness/until.ts'
import { type RunningApp, startApp } from '../start-app.ts'

let app: RunningApp
beforeAll(async () => {
  app = await startApp({ config: { limits: { unsent_bytes: UNSENT_BYTES, write_stall_ms: 5_000 } } })
})
afterAll(() => stopCleanly(app))

async function servedQuickly(): Promise<number> {
  const answer = await until('another client is answered within a second', async () => {
    const tried = await call(app, 'GET', '/health/live')
    return tried.took < 1_000 && tried
  })
  return answer.status
}

describe('case 36: a thousand readers that never read', () => {
  it('are let go, with memory bounded and the others served meanwhile', async () => {
    expect(await servedQuickly()).toBe(200)
    await expectReadersLetGo(app, { readers: 1_000, servedQuickly })
  })
})
