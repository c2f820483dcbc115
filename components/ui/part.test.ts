import { readdirSync, readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { lastingPart, PartMissing, part, REACHED } from './part.ts'

/** As the browser's loader fails. */
const chunkError = () => Object.assign(new Error('Failed to load chunk'), { name: 'ChunkLoadError' })

describe('a part of a page', () => {
  beforeEach(() => void vi.stubGlobal('window', new EventTarget()))
  afterEach(() => void vi.unstubAllGlobals())
  const answering = (status: number) =>
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('', { status })))

  it('is fetched once', async () => {
    const load = vi.fn<() => Promise<string>>(() => Promise.resolve('here'))
    const get = part(load)
    expect(await Promise.all([get(), get()])).toEqual(['here', 'here'])
    expect(load).toHaveBeenCalledOnce()
  })

  it.each([
    ['is told to be of an older release where the server answers', 200, true],
    ['is not reached where only a proxy answers', 502, false],
  ])('that does not come %s, and is asked for again', async (_, status, isOutdated) => {
    answering(status)
    const load = vi
      .fn<() => Promise<string>>()
      .mockRejectedValueOnce(chunkError())
      .mockResolvedValueOnce('here')
    const get = part(load)
    await expect(get()).rejects.toMatchObject({ name: 'PartMissing', isOutdated })
    expect(await get()).toBe('here')
  })

  it('that fails by itself is no missing one', async () => {
    const get = part(() => Promise.reject(new TypeError('x is not a function')))
    await expect(get()).rejects.toBeInstanceOf(TypeError)
    await expect(get()).rejects.not.toBeInstanceOf(PartMissing)
  })

  it('that nobody can do without is waited for', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')))
    const load = vi
      .fn<() => Promise<string>>()
      .mockRejectedValueOnce(chunkError())
      .mockResolvedValueOnce('here')
    const waited = lastingPart(load)()
    await expect
      .poll(() => {
        window.dispatchEvent(new Event(REACHED))
        return load.mock.calls
      })
      .toHaveLength(2)
    expect(await waited).toBe('here')
  })
})

it('every file of a page that comes later is a part of it', () => {
  const folder = new URL('..', import.meta.url)
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const bare = files
    .filter((file) => /(?<!\.test)\.tsx?$/.test(file))
    .filter((file) => {
      const text = readFileSync(new URL(file, folder), 'utf8')
      const imports = text.match(/\bimport\(/g)?.length ?? 0
      const parts = text.match(/[pP]art\(\s*(?:async )?\(\) => (?:\(await )?import\(/g)?.length ?? 0
      return imports !== parts
    })
  expect(bare).toEqual([])
})
