import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Actor } from '../access/actor.ts'
import { setCurrentRights } from '../access/current-rights.ts'
import { change } from '../db/change.ts'
import { newId } from '../id.ts'
import { GET } from '../rest/route.ts'
import { type ReadDownload, readDownload } from '../testing/download.ts'
import { makeColleague, makeOtherWorkspace, viewerOf } from '../testing/factories.ts'
import { restRequest } from '../testing/rest.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { exportAudit } from './operations/export-audit.ts'
import { listAudit } from './operations/list-audit.ts'
import type { AuditQuery } from './schema.ts'

const ROWS = 2345
const MOST = 2000

let app: TestRuntime
let colleague: Actor
beforeAll(async () => {
  app = await testRuntime({ feed: true, limits: { audit_export_rows: MOST, downloads: 2 } })
  colleague = await makeColleague(app.actor(), '=HYPERLINK("https://evil.example")')
  await app.runtime.database.primary.pool.query(
    `INSERT INTO audit_event (id, workspace_id, revision, occurred_at, actor_id, action, target_kind, target_id,
       target_name, after)
     SELECT gen_random_uuid(), $1, i, '2026-01-01'::timestamptz + i * interval '1 second', $2, 'prompt.create', 'prompt',
       gen_random_uuid(), 'prompt_' || i, json_build_object('n', i, 'text', 'a "quoted", text')
     FROM generate_series(1, ${ROWS}) i`,
    [app.identity.workspaceId, colleague.id],
  )
})
afterAll(() => app.close())
beforeEach(() => setCurrentRights(async (actor) => actor))

const read = async (query: AuditQuery = {}, onPart?: () => Promise<void> | void): Promise<ReadDownload> =>
  readDownload(await exportAudit(app.actor(), query), onPart)

/** The cells of a CSV text. */
function cells(text: string): string[][] {
  return text
    .split('\r\n')
    .slice(0, -1)
    .map((line) =>
      [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)]
        .slice(0, 19)
        .map(([, cell = '']) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell)),
    )
}

const OWN = { kind: 'prompt' }

describe('the audit log as a file', () => {
  it('has every row once, a part at a time, and says how to go on after the most that it may have', async () => {
    const first = await read(OWN)
    const [head, ...rows] = cells(first.text)
    const last = rows.pop()
    expect(head).toHaveLength(19)
    const at = (name: string) => head?.indexOf(name) ?? -1
    expect(rows).toHaveLength(MOST)
    expect(first.largest).toBeLessThan(first.text.length * 0.6)
    expect(rows[0]?.[at('target')]).toBe(`prompt_${ROWS}`)
    expect(JSON.parse(rows[0]?.[at('after')] ?? '')).toEqual({ n: ROWS, text: 'a "quoted", text' })
    expect(rows[0]?.[at('actor')]).toBe(`'=HYPERLINK("https://evil.example")`)
    expect(last?.[at('action')]).toBe('export.limit')
    const cursor = /cursor=(\S+)$/.exec(last?.[at('target')] ?? '')?.[1]
    const rest = cells((await read({ ...OWN, cursor })).text).slice(1)
    expect(rest).toHaveLength(ROWS - MOST)
    const names = [...rows, ...rest].map((row) => row[at('target')])
    expect(new Set(names).size).toBe(ROWS)
  })

  it('filters as the list does, and is a head alone when nothing is left', async () => {
    const query = { ...OWN, from: '2026-01-01T00:30:00Z', to: '2026-01-01T00:30:10Z' }
    const { items } = await listAudit(app.actor(), query)
    expect(cells((await read(query)).text).slice(1)).toHaveLength(items.length)
    expect(cells((await read({ key: newId() })).text)).toHaveLength(1)
    await expect(exportAudit(app.actor(), { limit: 10 })).rejects.toMatchObject({ code: 'invalid_input' })
  })

  it('is sent over REST as a file, and broken off there as well', async () => {
    const ask = () => GET(restRequest('GET', '/api/audit?format=csv&kind=prompt'))
    const answer = await ask()
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present')
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="audit-[\d-]+\.csv"$/)
    expect(cells(await answer.text())).toHaveLength(MOST + 2)
    const { pool } = app.runtime.database.primary
    const broken = await ask()
    const spy = vi.spyOn(pool, 'query').mockRejectedValue(new Error('away'))
    await expect(broken.text()).rejects.toThrow('broken off')
    spy.mockRestore()
  })

  it('keeps workspaces apart, and is refused to who may not read it', async () => {
    const other = await makeOtherWorkspace()
    expect(cells((await readDownload(await exportAudit(other, {}))).text)).toHaveLength(1)
    await expect(exportAudit(viewerOf(app.actor()), {})).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('has a place or none', async () => {
    let go = (): void => undefined
    const wait = new Promise<void>((resolve) => (go = resolve))
    const waiting = [read(OWN, () => wait), read(OWN, () => wait)]
    const refused = async () => {
      const error: unknown = await exportAudit(app.actor(), OWN).catch((reason: unknown) => reason)
      return (error as { code?: string }).code
    }
    await expect.poll(refused).toBe('unavailable')
    go()
    await Promise.all(waiting)
    expect((await read(OWN)).isBroken).toBe(false)
  })

  it('case 41: breaks off when its reader loses the right', async () => {
    let parts = 0
    const file = await read(OWN, async () => {
      parts += 1
      if (parts !== 1) return
      setCurrentRights(async () => undefined)
      await change(app.actor(), async ({ record }) =>
        record({ action: 'member.update', target: { kind: 'actor', id: app.actor().id, name: 'x' } }),
      )
    })
    expect(file.isBroken).toBe(true)
  })

  it('breaks off when the database fails, so that a part is not taken for the whole', async () => {
    const { pool } = app.runtime.database.primary
    let spy: { mockRestore(): void } | undefined
    const file = await read(OWN, () => {
      spy ??= vi.spyOn(pool, 'query').mockRejectedValue(new Error('away'))
    })
    spy?.mockRestore()
    expect(file.isBroken).toBe(true)
    expect(cells(file.text).length).toBeLessThan(MOST)
  })
})
