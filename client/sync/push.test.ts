import { beforeEach, expect, it } from 'vitest'
import { readLocal } from '../files/folder.ts'
import type { Lock } from '../files/lock.ts'
import { Transport } from '../http/transport.ts'
import { bare } from '../prompts/fallback.ts'
import type { WirePrompt } from '../prompts/wire.ts'
import { Registry } from '../registry/registry.ts'
import { type PushItem, push } from './push.ts'

/** A server with one prompt at most, that refuses to move labels as long as it is told to. */
let stored: WirePrompt | undefined
let refusesLabels: boolean
let sent: string[]
let lock: Lock
beforeEach(() => {
  stored = undefined
  refusesLabels = true
  sent = []
  lock = { url: '', label: 'latest', prompts: new Map() }
})

const json = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })

async function answer(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url)
  sent.push(`${request.method} ${pathname}`)
  if (request.method === 'GET')
    return stored === undefined ? json(404, { code: 'not_found', detail: 'No.' }) : json(200, stored)
  const body = await request.json()
  if (request.method === 'PUT') {
    if (refusesLabels) return json(409, { code: 'would_break', detail: 'A caller would be refused.' })
    const label = pathname.slice(pathname.lastIndexOf('/') + 1)
    stored?.labels.push({ label, version: body.version })
    return json(200, {})
  }
  const shelf = { category: null, tags: [], aliases: [], labels: [], latest_version: 1 }
  stored = { ...(bare('fine') as WirePrompt), ...shelf, ...body, kind: 'text', version: 1, etag: '"1"' }
  return json(201, stored)
}

const registry = new Registry(
  new Transport({
    url: 'http://server.test',
    key: undefined,
    userAgent: 'test',
    timeoutMs: 1_000,
    retries: 0,
    fetch: (url, init) => answer(new Request(url, init)),
  }),
)

async function pushed(labels: string[], dryRun = false): Promise<PushItem[]> {
  const items: PushItem[] = []
  const files = [readLocal('fine.md', '---\nname: fine\n---\nHello\n')]
  const options = {
    names: [],
    dryRun,
    message: undefined,
    labels,
    acceptBreaking: false,
    createCategories: false,
  }
  await push(registry, files, lock, options, (item) => items.push(item))
  return items
}

it('moves a label that an earlier push ended at, and makes no second version', async () => {
  await expect(pushed(['staging'])).rejects.toMatchObject({ code: 'would_break' })
  expect(stored).toMatchObject({ version: 1, labels: [] })
  refusesLabels = false
  expect(await pushed(['staging'], true)).toMatchObject([{ action: 'labelled', version: 1 }])
  expect(stored?.labels).toEqual([])
  expect(await pushed(['staging'])).toMatchObject([{ action: 'labelled', version: 1 }])
  expect(stored?.labels).toEqual([{ label: 'staging', version: 1 }])
  expect(sent.filter((each) => each.startsWith('POST'))).toHaveLength(1)
  expect(await pushed(['staging'])).toEqual([])
})

it('is done when the version that is there has the label', async () => {
  refusesLabels = false
  await pushed(['staging'])
  lock.prompts.clear()
  expect(await pushed(['staging'])).toMatchObject([{ action: 'unchanged' }])
})
