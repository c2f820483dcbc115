import { strToU8, zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { importPrompts } from './operations/import-prompts.ts'
import { listImports } from './operations/list-imports.ts'
import { bringTo, errorOf, file } from './testing.ts'

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime({ limits: { import_files: 60, import_bytes: 100_000, imports: 1 } })
})
afterAll(() => app.close())

const many = (count: number, prefix: string) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, n) => [`${prefix}${n}.md`, file(`name: ${prefix}${n}`, `Text ${n}`)]),
  )
const NUMBERS = Array.from({ length: 20_000 }, (_, n) => n).join(' ')
const pack = (files: Record<string, string>) =>
  zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)])))
const bringZip = (zip: Uint8Array) => importPrompts(app.actor(), { uploads: [{ path: 'a.zip', bytes: zip }] })

describe('an import', () => {
  it('of many files is read in a thread of its own, to the same result', async () => {
    const answer = await bringTo(app)(many(50, 'many'))
    expect(answer.counts).toMatchObject({ create: 50, refused: 0 })
    expect(answer.items.map(({ name }) => name)).toEqual(
      Object.keys(many(50, 'many')).map((path) => path.slice(0, -3)),
    )
  })

  it.each([
    ['more files than may be', () => bringTo(app)(many(61, 'x')), 'limits.import_files'],
    ['more files than may be in a zip', () => bringZip(pack(many(61, 'x'))), 'limits.import_files'],
    ['larger files than may be', () => bringTo(app)({ 'x.md': 'x'.repeat(100_001) }), 'limits.import_bytes'],
    ['a zip that becomes larger', () => bringZip(pack({ 'x.md': NUMBERS })), 'limits.import_bytes'],
  ])('of %s is refused whole', async (_, bring, limit) => {
    expect(await errorOf(bring())).toMatchObject({ code: 'too_large', extra: { limit } })
  })

  it.each([
    ['a path that leads out of its folder', { '../x.md': file('name: x', 'x') }],
    [
      'two paths that differ in capitals alone',
      { 'a/x.md': file('name: x', 'x'), 'A/x.md': file('name: y', 'y') },
    ],
  ])('with %s is refused whole, packed or not', async (_, files) => {
    expect(await errorOf(bringTo(app)(files))).toMatchObject({ code: 'unprocessable' })
    expect(await errorOf(bringZip(pack(files)))).toMatchObject({ code: 'unprocessable' })
  })

  it('waits for others, of which a few may wait', async () => {
    const before = (await listImports(app.actor(), {})).items.length
    const all = await Promise.allSettled(
      Array.from({ length: 6 }, (_, n) => bringTo(app)(many(25, `w${n}x`))),
    )
    const done = all.filter(({ status }) => status === 'fulfilled').length
    expect(done).toBe(4)
    const refused = all.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []))
    for (const error of refused)
      expect(error).toMatchObject({ code: 'overloaded', extra: { limit: 'limits.imports' } })
    expect((await listImports(app.actor(), {})).items).toHaveLength(before + done)
  })
})
