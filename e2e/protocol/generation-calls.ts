import { expect } from 'vitest'
import type { Received, Sent } from './exchange.ts'
import { callOutcomes } from './outcome-calls.ts'

/** Calls an operation and holds its answer against the document. */
export type Call = (id: string, status: number, sent: Omit<Sent, 'method'>) => Promise<Received>

const G = '/api/generations'
const NOBODY = '018f0000-0000-7000-8000-000000000000'
const RUN = { prompt: 'generated', variables: { name: 'Ada' } }
/** What takes its time to be repeated: it still runs when it is asked about. */
const LONG = { ...RUN, variables: { name: 'Ada '.repeat(1_000) }, configuration: 'slow' }

interface Shown {
  id: string
  status: string
  items: Shown[]
}
// What the document describes, which each call has checked.
const shown = (answer: Received) => answer.json as Shown

/** Every answer that generations and batches have, but the stream's, and what is said of them. */
export async function callGenerations(call: Call): Promise<void> {
  await call('createPrompt', 201, {
    path: '/api/prompts',
    body: { name: 'generated', template_content: 'Hello {{ name }}' },
  })
  for (const [name, more] of [
    ['quick', { model: 'echo-fast' }],
    ['slow', { model: 'echo' }],
    ['spent', { model: 'echo-fast', monthly_token_quota: 0 }],
  ] as const)
    await call('createAIConfiguration', 201, {
      path: '/api/ai/configurations',
      body: { name, provider: 'echo', ...more },
    })
  await callOne(call)
  await callMany(call)
  await callOutcomes(call)
}

async function callOne(call: Call): Promise<void> {
  const quick = { ...RUN, configuration: 'quick' }
  const begun = await call('requestGeneration', 202, { path: G, body: LONG })
  expect(begun.headers.location).toBe(`${G}/${shown(begun).id}`)
  const done = await call('requestGeneration', 200, { path: G, body: { ...quick, wait: 20 } })
  expect(shown(done).status).toBe('succeeded')
  await call('requestGeneration', 404, { path: G, body: { ...quick, prompt: 'nobody' } })
  await call('requestGeneration', 422, { path: G, body: { ...quick, variables: {} } })
  await call('requestGeneration', 422, { path: G, body: { ...quick, configuration: 'nobody' } })
  await call('requestGeneration', 400, { path: G, body: { ...quick, wait: 61 } })
  const spent = await call('requestGeneration', 429, { path: G, body: { ...RUN, configuration: 'spent' } })
  expect(spent.json).toMatchObject({ code: 'quota_exceeded', resets_at: expect.any(String) })
  expect(Number(spent.headers['retry-after'])).toBeGreaterThan(0)

  const path = `${G}/${shown(done).id}`
  await call('getGeneration', 200, { path })
  await call('getGeneration', 404, { path: `${G}/${NOBODY}` })
  await call('getGeneration', 400, { path: `${G}/nobody` })
  await call('listGenerations', 200, {
    path: `${G}?status=succeeded&prompt=generated&configuration=quick&limit=1`,
  })
  await call('listGenerations', 404, { path: `${G}?prompt=nobody` })
  await callSums(call)
  await call('listGenerations', 400, { path: `${G}?cursor=nobody` })
  await call('followGeneration', 404, { path: `${G}/${NOBODY}/events` })
  await call('followGeneration', 400, { path: `${path}/events?after=x` })

  const slow = `${G}/${shown(begun).id}`
  await call('retryGeneration', 409, { path: `${slow}/retry`, body: {} })
  await call('cancelGeneration', 202, { path: `${slow}/cancel`, body: {} })
  await call('cancelGeneration', 404, { path: `${G}/${NOBODY}/cancel`, body: {} })
  await call('retryGeneration', 202, { path: `${path}/retry`, body: {} })
  await call('retryGeneration', 404, { path: `${G}/${NOBODY}/retry`, body: {} })
  await call('retryGeneration', 422, { path: `${path}/retry`, body: { configuration: 'nobody' } })
  await call('retryGeneration', 429, { path: `${path}/retry`, body: { configuration: 'spent' } })
}

/** What is told of many generations together. */
async function callSums(call: Call): Promise<void> {
  const narrowed = 'status=succeeded&prompt=generated&version=1&configuration=quick&latency_ms_max=60000'
  const totals = await call('totalGenerations', 200, { path: `${G}/totals?${narrowed}` })
  expect(totals.json).toMatchObject({ count: expect.any(Number), counts: { failed: 0 } })
  const facets = await call('countGenerationFacets', 200, { path: `${G}/facets?${narrowed}` })
  expect(facets.json).toMatchObject({ models: [{ value: 'echo-fast' }] })
  for (const id of ['totalGenerations', 'countGenerationFacets'] as const) {
    const path = id === 'totalGenerations' ? `${G}/totals` : `${G}/facets`
    await call(id, 404, { path: `${path}?prompt=nobody` })
    await call(id, 400, { path: `${path}?version=1` })
  }
  const usual = await call('readUsualFigures', 200, { path: `${G}/usual?configuration=quick` })
  expect(usual.json).toMatchObject({ items: [{ configuration: 'quick' }] })
  await call('readUsualFigures', 404, { path: `${G}/usual?configuration=nobody` })
  await call('readUsualFigures', 400, { path: `${G}/usual?configuration=No%20Name` })
}

async function callMany(call: Call): Promise<void> {
  const B = `${G}/batch`
  const body = { prompt: 'generated', inputs: [{ variables: { name: 'Ada' } }], configurations: ['quick'] }
  const batch = await call('requestGenerationBatch', 202, { path: B, body })
  const path = `${B}/${shown(batch).id}`
  expect(batch.headers.location).toBe(path)
  await call('requestGenerationBatch', 404, { path: B, body: { ...body, prompt: 'nobody' } })
  const wrong = { ...body, inputs: [...body.inputs, { variables: {} }] }
  const refused = await call('requestGenerationBatch', 422, { path: B, body: wrong })
  expect(refused.text).toContain('/inputs/1/')
  await call('listGenerationBatches', 200, { path: `${B}?limit=1` })
  await call('getGenerationBatch', 200, { path })
  await call('getGenerationBatch', 404, { path: `${B}/${NOBODY}` })
  await call('cancelGenerationBatch', 202, { path: `${path}/cancel`, body: {} })
  await call('cancelGenerationBatch', 404, { path: `${B}/${NOBODY}/cancel`, body: {} })
  // A minute has room for sixty, so that this ends soon; a new minute may begin meanwhile.
  const large = { ...body, inputs: Array.from({ length: 20 }, () => body.inputs[0]) }
  for (let n = 0; n < 7; n++) if (await isRefused(call, B, large)) return
  throw new Error('the limit of the caller was never reached')
}

async function isRefused(call: Call, path: string, body: Record<string, unknown>): Promise<boolean> {
  return call('requestGenerationBatch', 429, { path, body }).then(
    () => true,
    () => false,
  )
}

/** Id of a generation that has ended. */
export async function newestGeneration(call: Call): Promise<string> {
  const list = await call('listGenerations', 200, { path: `${G}?status=succeeded&prompt=generated&limit=1` })
  return shown(list).items[0]?.id ?? ''
}
