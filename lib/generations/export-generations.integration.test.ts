import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createConfiguration } from '../ai/operations/create-configuration.ts'
import { setJobSender } from '../jobs.ts'
import { GET } from '../rest/route.ts'
import { type ReadDownload, readDownload } from '../testing/download.ts'
import { makeOtherWorkspace, makePrompt, viewerOf } from '../testing/factories.ts'
import { restRequest } from '../testing/rest.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { exportGenerations } from './operations/export-generations.ts'
import { requestGeneration } from './operations/request-generation.ts'
import type { ListGenerationsQuery } from './schema.ts'
import { GENERATION_COLUMNS } from './status.ts'

const ROWS = 2_345
const MOST = 2_000
/** So long that a few hundred of them would be too much to be held at once. */
const LONG = 20_000

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime({ limits: { generation_export_rows: MOST } })
  setJobSender({ send: () => Promise.resolve() })
  await makePrompt(app.actor(), { name: 'many' })
  await createConfiguration(app.actor(), { name: 'echo', provider: 'echo', model: 'echo-fast' })
  const { id } = await requestGeneration(app.actor(), { prompt: 'many', variables: { who: 'Ada' } })
  await app.runtime.database.primary.pool.query(
    `INSERT INTO generated_content (id, workspace_id, prompt_id, version_number, label, checksum, variables, messages,
       configuration_id, configuration, queue, status, text, created_by, created_at, finished_at, error_code,
       error_message, cost, latency_ms)
     SELECT gen_random_uuid(), workspace_id, prompt_id, version_number, 'staging', checksum, variables, messages,
       configuration_id, configuration, queue, CASE WHEN i % 5 = 0 THEN 'failed' ELSE 'succeeded' END,
       '=1+' || i || CASE WHEN i % 100 = 0 THEN repeat('long ', ${LONG / 5}) ELSE '' END, created_by,
       '2026-01-01'::timestamptz + (i / 3) * interval '1 second', now(),
       CASE WHEN i % 5 = 0 THEN 'timeout' END, CASE WHEN i % 5 = 0 THEN 'a "quoted", text' END, i * 0.001, i
     FROM generated_content, generate_series(1, ${ROWS}) i WHERE id = $1`,
    [id],
  )
})
afterAll(() => app.close())

const OWN = { label: 'staging' }
const read = async (query: ListGenerationsQuery, onPart?: () => void): Promise<ReadDownload> =>
  readDownload(await exportGenerations(app.actor(), query), onPart)

interface Line {
  id: string
  latency_ms: number
  text?: string
  export_limit?: string
  cursor?: string
}
const lines = (text: string) =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line)

describe('generations as a file', () => {
  it.each(['-created_at', 'cost'] as const)(
    'sorted by %s has each once, a part at a time, and says how to go on',
    async (sort) => {
      const first = await read({ ...OWN, sort, format: 'jsonl' })
      const found = lines(first.text)
      const last = found.pop()
      expect(found).toHaveLength(MOST)
      expect(first.largest).toBeLessThan(first.text.length * 0.4)
      expect(last?.export_limit).toContain('limits.generation_export_rows')
      const rest = lines((await read({ ...OWN, sort, format: 'jsonl', cursor: last?.cursor ?? '' })).text)
      const all = [...found, ...rest]
      expect(all).toHaveLength(ROWS)
      expect(new Set(all.map(({ id }) => id)).size).toBe(ROWS)
      // Latency grows with the cost, and with the moment.
      const numbers = all.map(({ latency_ms: n }) => Math.floor(n / 3) * (sort === 'cost' ? 1 : -1))
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
    },
  )

  it('has the columns that are asked for, in their order, guarded against formulas', async () => {
    const { text } = await read({
      ...OWN,
      sort: 'created_at',
      format: 'csv',
      error: 'timeout',
      columns: 'latency_ms,excerpt,error_message,variables,latency_ms',
    })
    const [head, first] = text.split('\r\n')
    expect(head).toBe('latency_ms,excerpt,error_message,variables')
    expect(first).toBe(`5,'=1+5,"a ""quoted"", text","{""who"":""Ada""}"`)
    expect(text.split('\r\n')).toHaveLength(1 + ROWS / 5 + 1)
    const usual = (await read({ ...OWN, format: 'csv', error: 'timeout' })).text.split('\r\n')[0]
    expect(usual).toBe(
      GENERATION_COLUMNS.filter((column) => column !== 'text' && column !== 'variables').join(','),
    )
  })

  it('holds a few whole texts at a time', async () => {
    const { text, largest } = await read({ ...OWN, format: 'jsonl', columns: 'id,text' })
    expect(lines(text).filter((line) => (line.text?.length ?? 0) > LONG)).toHaveLength(MOST / 100)
    expect(largest).toBeLessThan(3 * LONG)
  })

  it('is what the filters leave, also of a search, and a head alone when that is nothing', async () => {
    const words = lines((await read({ ...OWN, q: '=1+23', format: 'jsonl', columns: 'id' })).text)
    expect(words).toHaveLength(1 + 10 + 46)
    const none = { ...OWN, from: '1970-01-01T00:00:00Z', to: '1970-01-02T00:00:00Z' }
    expect((await read({ ...none, format: 'csv', columns: 'id,cost' })).text).toBe('id,cost\r\n')
    expect((await read({ ...none, format: 'jsonl' })).text).toBe('')
  })

  it('is sent over REST with its name and type, and broken off there as well', async () => {
    const ask = (format: string) =>
      GET(restRequest('GET', `/api/generations?format=${format}&label=staging&columns=id`))
    const csv = await ask('csv')
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present')
    expect(csv.headers.get('content-disposition')).toMatch(/^attachment; filename="generations-[\d-]+\.csv"$/)
    expect((await csv.text()).split('\r\n')).toHaveLength(1 + MOST + 2)
    const broken = await ask('jsonl')
    expect(broken.headers.get('content-type')).toBe('application/jsonl; charset=utf-8')
    const spy = vi.spyOn(app.runtime.database.primary.pool, 'query').mockRejectedValue(new Error('away'))
    await expect(broken.text()).rejects.toThrow('broken off')
    spy.mockRestore()
    const wrong = await ask('csv&columns=secret')
    expect(wrong.status).toBe(400)
    expect((await GET(restRequest('GET', '/api/generations?format=csv&limit=5'))).status).toBe(400)
  })

  it('keeps workspaces apart, and is refused to who may not read', async () => {
    const other = await makeOtherWorkspace()
    expect((await readDownload(await exportGenerations(other, { format: 'jsonl' }))).text).toBe('')
    await expect(exportGenerations(viewerOf(app.actor()), {})).rejects.toMatchObject({ code: 'forbidden' })
  })
})
