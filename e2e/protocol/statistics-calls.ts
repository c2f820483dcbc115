import { expect } from 'vitest'
import type { Received, Sent } from './exchange.ts'

/** Calls an operation and holds its answer against the document. */
type Call = (id: string, status: number, sent: Omit<Sent, 'method'>) => Promise<Received>

/** Statistics of uses and of spending, over time. */
export async function callStatistics(call: Call): Promise<void> {
  await callUsage(call)
  await callSpending(call)
}

async function callUsage(call: Call): Promise<void> {
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
  await call('getStats', 200, { path: '/api/stats?prompt=zero_shot&version=1' })
  await call('getStats', 400, { path: '/api/stats?version=1' })
  await call('listPrompts', 200, { path: '/api/prompts?usage=true' })
}

async function callSpending(call: Call): Promise<void> {
  const path = '/api/stats/spending'
  const spent = await call('getSpending', 200, { path: `${path}?by=model&timezone=America/St_Johns` })
  expect(spent.json).toMatchObject({ by: 'model' })
  for (const by of ['prompt', 'version', 'label', 'configuration', 'category', 'client', 'actor'])
    await call('getSpending', 200, { path: `${path}?by=${by}&measure=tokens` })
  await call('getSpending', 200, { path: `${path}?prompt=zero_shot&configuration=echo&category=&label=` })
  await call('getSpending', 404, { path: `${path}?prompt=nobody` })
  await call('getSpending', 400, { path: `${path}?by=colour` })
  await call('getSpending', 400, { path: `${path}?actor=me` })
  await call('getSpending', 413, { path: `${path}?from=2000-01-01T00:00:00Z&interval=hour` })
  const csv = await call('getSpending', 200, { path: `${path}?format=csv` })
  expect(csv.headers['content-type']).toContain('text/csv')
  expect(csv.text).toMatch(/^key,name,generations,/)
}
