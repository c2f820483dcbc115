import { expect } from 'vitest'
import type { Received, Sent } from './exchange.ts'

/** Calls an operation and holds its answer against the document. */
type Call = (id: string, status: number, sent: Omit<Sent, 'method'>) => Promise<Received>

/** Statistics and single uses, each with each answer that it declares. */
export async function callUsage(call: Call): Promise<void> {
  await callStats(call)
  const path = '/api/stats/timeseries'
  const days = await call('getTimeseries', 200, {
    path: `${path}?by=prompt&timezone=Europe/Berlin&interval=day`,
  })
  expect(days.json).toMatchObject({ timezone: 'Europe/Berlin' })
  await call('getTimeseries', 200, { path: `${path}?prompt=zero_shot&version=1&by=client` })
  await call('getTimeseries', 404, { path: `${path}?prompt=nobody` })
  await call('getTimeseries', 400, { path: `${path}?timezone=Nowhere` })
  await call('getTimeseries', 413, {
    path: `${path}?from=2000-01-01T00:00:00Z&to=2100-01-01T00:00:00Z&interval=day`,
  })
  await call('listPrompts', 200, { path: '/api/prompts?usage=true' })
}

async function callStats(call: Call): Promise<void> {
  await call('getStats', 200, { path: '/api/stats' })
  await call('getStats', 200, { path: '/api/stats?prompt=zero_shot&version=1&actors=true' })
  await call('getStats', 404, { path: '/api/stats?prompt=nobody' })
  await call('getStats', 400, { path: '/api/stats?version=1' })
  await call('getPrompt', 404, { path: '/api/prompts/nobody' })
  await call('listUses', 200, { path: '/api/uses?limit=5' })
  await call('listUses', 200, { path: '/api/uses?failed=true&code=not_found' })
  await call('listUses', 400, { path: '/api/uses?after=soon' })
  await call('listUses', 404, { path: '/api/uses?prompt=nobody' })
}
