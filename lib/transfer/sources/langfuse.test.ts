import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isAppError } from '../../errors.ts'
import {
  type CallingRuntime,
  type CallingRuntimeOptions,
  callingRuntime,
} from '../../testing/calling-runtime.ts'
import { readSources } from '../formats/index.ts'
import { fetchLangfuse } from './langfuse.ts'
import { type Double, json, sourceDouble } from './testing.ts'

let app: CallingRuntime
let double: Double

/** A project with 150 prompts of two versions each, on two pages. */
const project: Double['answer'] = (request, response) => {
  const url = new URL(request.url ?? '', 'http://double')
  if (request.headers.authorization !== `Basic ${Buffer.from('pk:sk').toString('base64')}`)
    return json(response, {}, 401)
  const name = /\/prompts\/(.+)$/.exec(url.pathname)?.[1]
  if (name !== undefined) {
    const version = Number(url.searchParams.get('version'))
    const body = {
      name: decodeURIComponent(name),
      version,
      type: 'text',
      prompt: `Say {{word}} ${version}`,
      config: {},
      labels: version === 2 ? ['production', 'latest'] : [],
      tags: ['t'],
    }
    return json(response, body)
  }
  const page = Number(url.searchParams.get('page'))
  const all = Array.from({ length: 150 }, (_, index) => ({
    name: `folder/p-${index}`,
    versions: [2, 1],
    labels: ['production'],
    tags: [],
    lastUpdatedAt: '2026-01-01T00:00:00Z',
  }))
  json(response, {
    data: all.slice((page - 1) * 100, page * 100),
    meta: { page, limit: 100, totalItems: 150, totalPages: 2 },
  })
}

beforeEach(async () => {
  app = callingRuntime()
  double = await sourceDouble(project)
})
afterEach(async () => {
  await double.close()
  await app.close()
})

/** Another configuration than that of a single machine. */
async function configured(options: CallingRuntimeOptions): Promise<void> {
  await app.close()
  app = callingRuntime(options)
}

const fetchAll = (secret = 'sk') =>
  fetchLangfuse({ url: `${double.url}/`, public_key: 'pk', secret_key: secret })

async function refusal(work: Promise<unknown>) {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!isAppError(error)) throw error
  return { code: error.code, message: error.message, path: error.details[0]?.path, limit: error.extra.limit }
}

describe('prompts of Langfuse by address', () => {
  it('come with all versions, labels and tags, over all pages', async () => {
    const { items, unread } = readSources(await fetchAll(), {})
    expect(unread).toEqual([])
    expect(items).toHaveLength(150)
    expect(items[0]).toMatchObject({
      kind: 'prompt',
      format: 'langfuse',
      name: 'folder/p-0',
      tags: ['t'],
      versions: [
        { template_content: 'Say {{ word }} 1', labels: [] },
        { template_content: 'Say {{ word }} 2', labels: ['production'] },
      ],
    })
    expect(double.asked.filter((path) => path.includes('page='))).toHaveLength(2)
    expect(double.asked).toContain('/api/public/v2/prompts/folder%2Fp-7?version=2&resolve=false')
  })

  it('are asked for by a few requests at a time', async () => {
    await configured({ limits: { import_source_at_once: 3 } })
    let open = 0
    let most = 0
    double.answer = async (request, response) => {
      open += 1
      most = Math.max(most, open)
      await new Promise((resolve) => setImmediate(resolve))
      response.once('finish', () => void (open -= 1))
      await project(request, response)
    }
    await fetchAll()
    expect(most).toBeGreaterThan(1)
    expect(most).toBeLessThanOrEqual(3)
  })

  it('wait as long as a 429 asks, and are asked for again', async () => {
    let refused = 0
    double.answer = (request, response) => {
      if (refused >= 2) return project(request, response)
      refused += 1
      response.writeHead(429, { 'retry-after': '0' }).end()
    }
    expect(await fetchAll()).toHaveLength(150)
  })

  it('are given up where a 429 wants more time than an import has', async () => {
    double.answer = (_, response) => void response.writeHead(429, { 'retry-after': '9999' }).end()
    expect(await refusal(fetchAll())).toMatchObject({
      code: 'upstream_failed',
      message: expect.stringContaining('9999 s'),
    })
    expect(double.asked).toHaveLength(1)
  })

  it('need keys that are taken; the keys are in no error and no log', async () => {
    const found = await refusal(fetchAll('sk-secret-one'))
    expect(found).toMatchObject({ code: 'unprocessable', path: ['source', 'secret_key'] })
    expect(JSON.stringify([found, app.logged])).not.toContain('sk-secret-one')
  })

  it.each<[string, Double['answer'], string]>([
    [
      'redirects',
      (_, response) => void response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
      'redirect',
    ],
    ['answers garbage', (_, response) => void response.end('<html>'), 'no JSON'],
    ['answers something else', (_, response) => json(response, { hello: 1 }), 'no Langfuse'],
    ['fails', (_, response) => void response.writeHead(500).end(), 'with 500'],
    [
      'compresses unasked',
      (_, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end('x'),
      'content encoding',
    ],
    [
      'breaks off',
      (_, response) =>
        void response.writeHead(200, { 'content-length': '100' }).write('{', () => response.destroy()),
      'cannot be reached',
    ],
  ])('from a source that %s are refused in words', async (_, answer, words) => {
    double.answer = answer
    expect(await refusal(fetchAll())).toMatchObject({
      code: 'upstream_failed',
      message: expect.stringContaining(words),
      path: ['source', 'url'],
    })
  })

  it('from a source that stalls are given up', async () => {
    await configured({ limits: { import_source_ms: 50 } })
    double.answer = () => undefined
    expect(await refusal(fetchAll())).toMatchObject({
      code: 'upstream_failed',
      message: expect.stringContaining('limits.import_source_ms'),
    })
  })

  it('from a source that sends without end are cut off', async () => {
    await configured({ limits: { import_bytes: 10_000 } })
    double.answer = (_, response) => void response.end('x'.repeat(1_000_000))
    expect(await refusal(fetchAll())).toMatchObject({ code: 'too_large', limit: 'limits.import_bytes' })
  })

  it('from a project with too many versions are refused before they are fetched', async () => {
    await configured({ limits: { import_files: 200 } })
    expect(await refusal(fetchAll())).toMatchObject({ code: 'too_large', limit: 'limits.import_files' })
    expect(double.asked).toHaveLength(2)
  })

  it('are not fetched from private addresses, unless the configuration allows them', async () => {
    await configured({ server: { host: '0.0.0.0' } })
    expect(await refusal(fetchAll())).toMatchObject({
      code: 'unprocessable',
      message: expect.stringContaining('imports.allowed_hosts'),
      path: ['source', 'url'],
    })
    expect(double.asked).toEqual([])
    await configured({ server: { host: '0.0.0.0' }, imports: { allowed_hosts: ['127.0.0.1'] } })
    expect(await fetchAll()).toHaveLength(150)
  })

  it('are not fetched for somebody who went away', async () => {
    const controller = new AbortController()
    double.answer = () => controller.abort()
    const work = fetchLangfuse({ url: double.url, public_key: 'pk', secret_key: 'sk' }, controller.signal)
    expect(await refusal(work)).toMatchObject({ code: 'upstream_failed' })
  })
})
