import { afterEach, describe, expect, it } from 'vitest'
import { ROOT } from '../../testing/database.ts'
import { ReadThreads } from './read-threads.ts'

const threads = new ReadThreads(ROOT)
afterEach(() => threads.close())

const fileOf = (name: string, head = `name: ${name}`) => ({
  path: `${name}.md`,
  bytes: Buffer.from(`---\n${head}\n---\nText\n`),
})
const PATIENT = 60_000

describe('files', () => {
  it('come back whole and in their order, however many there are', async () => {
    const files = Array.from({ length: 450 }, (_, n) => fileOf(`n${n}`))
    const reply = await threads.read({ files, options: {} }, PATIENT)
    expect(typeof reply === 'string' ? reply : reply.items.map(({ name }) => name)).toEqual(
      files.map((_, n) => `n${n}`),
    )
  })

  it('are read by the same thread as those before, unless that is busy or was ended', async () => {
    const read = (name: string, ms = PATIENT) => threads.read({ files: [fileOf(name)], options: {} }, ms)
    const began = process.getActiveResourcesInfo().length
    const [one, two] = await Promise.all([read('one'), read('two')])
    expect([one, two]).toMatchObject([{ items: [{ name: 'one' }] }, { items: [{ name: 'two' }] }])
    expect(await read('three')).toMatchObject({ items: [{ name: 'three' }] })
    expect(await read('late', 0)).toBe('time')
    expect(await read('four')).toMatchObject({ items: [{ name: 'four' }] })
    await threads.close()
    expect(process.getActiveResourcesInfo().length).toBeLessThanOrEqual(began + 1)
  })
})
