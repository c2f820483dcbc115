import { expect } from 'vitest'
import type { Received, Sent } from './exchange.ts'

/** Calls an operation and holds its answer against the document. */
type Call = (id: string, status: number, sent: Omit<Sent, 'method'>) => Promise<Received>

/** Figures, single uses and what stands beside them, each with each answer that it declares. */
export async function callUsage(call: Call): Promise<void> {
  await callStats(call)
  await callReportUses(call)
  await callSpending(call)
  await callNotes(call)
  await callViews(call)
  await callImpact(call)
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
  const failures = '/api/stats/failures'
  await call('listFailures', 200, { path: `${failures}?limit=1` })
  await call('listFailures', 200, { path: `${failures}?prompt=zero_shot&surface=rest&format=jsonl` })
  await call('listFailures', 400, { path: `${failures}?version=1` })
  await call('listFailures', 404, { path: `${failures}?prompt=nobody` })
  await call('listUses', 200, { path: '/api/uses?limit=5' })
  await call('listUses', 200, { path: '/api/uses?failed=true&code=not_found' })
  await call('listUses', 400, { path: '/api/uses?after=soon' })
  await call('listUses', 404, { path: '/api/uses?prompt=nobody' })
}

async function callReportUses(call: Call): Promise<void> {
  const use = { prompt: 'zero_shot', version: 1 }
  await call('reportUses', 200, { path: '/api/uses', body: { uses: [use] } })
  await call('reportUses', 400, { path: '/api/uses', body: { uses: [] } })
  await call('reportUses', 413, { path: '/api/uses', body: { uses: Array.from({ length: 501 }, () => use) } })
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

async function callNotes(call: Call): Promise<void> {
  const path = '/api/notes'
  const note = await call('createNote', 201, { path, body: { text: 'A campaign', prompt: 'zero_shot' } })
  await call('createNote', 400, { path, body: { text: ' ' } })
  await call('createNote', 404, { path, body: { text: 'x', prompt: 'nobody' } })
  await call('listNotes', 200, { path: `${path}?prompt=zero_shot&limit=1` })
  await call('listNotes', 400, { path: `${path}?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z` })
  await call('listNotes', 404, { path: `${path}?prompt=nobody` })
  const own = `${path}/${idOf(note)}`
  await call('deleteNote', 204, { path: own })
  await call('deleteNote', 404, { path: own })
}

async function callViews(call: Call): Promise<void> {
  const path = '/api/views'
  const body = { page: 'usage', name: 'This week', query: 'range=7d' }
  const view = await call('saveView', 201, { path, body })
  await call('saveView', 400, { path, body: { ...body, query: 'a b' } })
  await call('listViews', 200, { path: `${path}?page=usage` })
  await call('listViews', 400, { path: `${path}?page=other` })
  const own = `${path}/${idOf(view)}`
  await call('deleteView', 204, { path: own })
  await call('deleteView', 404, { path: own })
}

async function callImpact(call: Call): Promise<void> {
  const path = '/api/prompts/zero_shot/impact'
  await call('getImpact', 200, { path })
  await call('getImpact', 200, { path: `${path}?from=1&to=latest` })
  await call('getImpact', 400, { path: `${path}?from=Not+A+Label` })
  await call('getImpact', 404, { path: '/api/prompts/nobody/impact' })
  await call('getDraftImpact', 200, { path, body: { variables: ['task'] } })
  await call('getDraftImpact', 400, { path, body: {} })
  await call('getDraftImpact', 404, { path: '/api/prompts/nobody/impact', body: { variables: [] } })
  const many = Array.from({ length: 101 }, (_, n) => `v${n}`)
  await call('getDraftImpact', 413, { path, body: { variables: many } })
  await call('getDraftImpact', 422, { path, body: { variables: ['task', 'task'] } })
}

function idOf({ json }: Received): string {
  return String((json as { id?: unknown }).id)
}
