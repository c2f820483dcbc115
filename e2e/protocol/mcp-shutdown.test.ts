import { describe, expect, it } from 'vitest'
import { openEvents } from '#lib/testing/event-stream.ts'
import { ENVELOPE, statelessHeaders } from '#lib/testing/mcp.ts'
import { startApp } from '../start-app.ts'

describe('SIGTERM with open notification streams', () => {
  it('ends them properly and exits in time', async () => {
    const app = await startApp()
    const address = `${app.url}/api/mcp`
    const older = await openEvents(address, { headers: { accept: 'text/event-stream' } })
    const newer = await openEvents(address, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...statelessHeaders('subscriptions/listen', {}),
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 'sub',
        method: 'subscriptions/listen',
        params: { notifications: { promptsListChanged: true }, _meta: ENVELOPE },
      }),
    })
    expect(await newer.next()).toMatchObject({ method: 'notifications/subscriptions/acknowledged' })
    const stopping = performance.now()
    const exit = app.stop()
    expect(await newer.next()).toMatchObject({ id: 'sub', result: { resultType: 'complete' } })
    expect(await newer.next()).toBeUndefined()
    expect(await older.next()).toBeUndefined()
    expect(await exit).toBe(0)
    expect(performance.now() - stopping).toBeLessThan(8000)
  })
})
