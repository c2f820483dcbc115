import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeClient } from './client.ts'

let folder: string
let errors: string[]
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'incipit-bundle-'))
  errors = []
})
afterEach(() => rm(folder, { recursive: true }))

/** A client of a server that is away. */
const cutOff = (bundle: string) =>
  makeClient({
    url: 'http://server.test',
    retries: 0,
    bundle,
    fetch: () => Promise.reject(new TypeError('fetch failed')),
    onError: (error) => errors.push(error.message),
  })

it('a program that throws when it is told of something stops nothing, and is warned', async () => {
  const warned = new Promise<Error>((resolve) => process.once('warning', resolve))
  let calls = 0
  const client = makeClient({
    url: 'http://server.test',
    retries: 0,
    follow: true,
    fetch: () => {
      calls++
      return Promise.reject(new TypeError('fetch failed'))
    },
    onError: () => {
      throw new Error('thrown by the program')
    },
  })
  expect((await warned).message).toBe('thrown by the program')
  await expect.poll(() => calls, { timeout: 5_000 }).toBeGreaterThan(1)
  await client.close()
})

describe('while the server is away', () => {
  it('notes beside the prompts of a bundle are no prompts', async () => {
    await writeFile(path.join(folder, 'FAQ.md'), 'FAQ\n---\nNot a prompt.\n')
    await writeFile(path.join(folder, 'hello.md'), '---\r\nname: hello\r\n---\r\nHello {{ who }}\r\n')
    const rendered = await cutOff(folder).render('hello', { who: 'Ada' })
    expect(rendered).toMatchObject({ content: 'Hello Ada', source: 'bundle' })
  })

  it('a bundle that cannot be read keeps no fallback back, and is told', async () => {
    const client = cutOff(path.join(folder, 'nowhere'))
    const rendered = await client.render('hello', {}, { fallback: 'Hello' })
    expect(rendered).toMatchObject({ content: 'Hello', source: 'fallback' })
    expect(errors[0]).toContain('nowhere')
    await expect(client.get('hello')).rejects.toThrow('nowhere')
  })
})
