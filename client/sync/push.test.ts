import { beforeEach, describe, expect, it } from 'vitest'
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
let impact: unknown
let lock: Lock
beforeEach(() => {
  stored = undefined
  refusesLabels = true
  sent = []
  impact = undefined
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
  if (pathname.endsWith('/impact'))
    return impact === undefined ? json(403, { code: 'forbidden', detail: 'No.' }) : json(200, impact)
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

async function pushed(labels: string[], dryRun = false, acceptBreaking = false): Promise<PushItem[]> {
  const items: PushItem[] = []
  const files = [readLocal('fine.md', '---\nname: fine\n---\nHello\n')]
  const options = {
    names: [],
    dryRun,
    message: undefined,
    labels,
    acceptBreaking,
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

describe('a label that would refuse callers', () => {
  const caller = (name: string, client: string, breaks: string[]) => ({
    name,
    client,
    uses: 3,
    variables: [],
    breaks,
  })
  /** The label names a version before the newest one, which is what the file says. */
  const behind = async () => {
    refusesLabels = false
    await pushed([])
    stored = stored && { ...stored, labels: [{ label: 'production', version: 0 }] }
    impact = {
      breaking: [
        { variable: 'tone', message: '`tone` is new and required' },
        { variable: 'size', message: '`size` is gone' },
      ],
      callers: [
        caller('nightly (CI)', 'nightly', ['tone']),
        caller('incipit-cli (me)', 'incipit-cli', ['size']),
      ],
    }
    lock.prompts.clear()
  }

  it.each([true, false])('stays where it is, and its callers are named (dry run: %s)', async (dryRun) => {
    await behind()
    const [item, ...others] = await pushed(['production'], dryRun)
    expect(others).toEqual([])
    expect(item).toMatchObject({ name: 'fine', action: 'breaking' })
    expect(item?.message).toContain('`tone` is new and required (nightly (CI))')
    expect(item?.message).not.toContain('size')
    expect(item?.message).toContain('--accept-breaking')
    expect(sent.some((each) => each.startsWith('PUT'))).toBe(false)
  })

  it('moves where that is meant, where nobody is met, and where the key may not know', async () => {
    await behind()
    expect(await pushed(['production'], false, true)).toMatchObject([{ action: 'labelled' }])
    for (const known of [{ breaking: [{ variable: 'tone', message: 'x' }], callers: [] }, undefined]) {
      await behind()
      impact = known
      expect(await pushed(['production'])).toMatchObject([{ action: 'labelled' }])
    }
  })
})
