import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from './test.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')
const BUILD = path.join(ROOT, process.env.INCIPIT_DIST_DIR ?? '.next')

/** Bytes of gzipped script that the first load of a page may need; what edits is allowed some more. */
const BUDGETS = {
  '/prompts': 250_000,
  '/prompts/new': 280_000,
  '/prompts/[name]': 280_000,
  '/prompts/[name]/versions': 250_000,
  '/prompts/[name]/usage': 250_000,
  '/prompts/[name]/generations': 250_000,
  '/playground': 280_000,
  '/generations': 250_000,
  '/generations/[id]': 250_000,
  '/categories': 250_000,
  '/usage': 250_000,
  '/connect': 250_000,
  '/import': 250_000,
  '/import/[id]': 250_000,
  '/account': 250_000,
  '/sign-in': 250_000,
  '/set-up': 250_000,
  '/invitation': 250_000,
  '/reset': 250_000,
  '/consent': 250_000,
  '/settings/ai': 250_000,
  '/settings/members': 250_000,
  '/settings/keys': 250_000,
  '/settings/labels': 250_000,
  '/settings/alerts': 250_000,
  '/settings/webhooks': 250_000,
  '/settings/repositories': 250_000,
  '/settings/audit': 250_000,
  '/settings/system': 250_000,
  '/settings/appearance': 250_000,
}

interface RouteSize {
  route: string
  firstLoadChunkPaths: string[]
}

/** Of each chunk once: the pages share most of theirs. */
const known = new Map<string, Promise<number>>()

function sizeOf(chunk: string): Promise<number> {
  const size = known.get(chunk) ?? readFile(path.join(ROOT, chunk)).then((bytes) => gzipSync(bytes).length)
  known.set(chunk, size)
  return size
}

/** What a page's first load brings, compressed as the server does. */
async function firstLoad(route: string): Promise<number> {
  const file = path.join(BUILD, 'diagnostics/route-bundle-stats.json')
  const routes = JSON.parse(await readFile(file, 'utf8')) as RouteSize[]
  const chunks = routes.find((entry) => entry.route === route)?.firstLoadChunkPaths ?? []
  expect(chunks).not.toEqual([])
  const sizes = await Promise.all(chunks.map((chunk) => sizeOf(chunk)))
  return sizes.reduce((sum, size) => sum + size, 0)
}

for (const [route, budget] of Object.entries(BUDGETS))
  test(`the script of ${route} stays within its budget`, async () => {
    expect(await firstLoad(route)).toBeLessThanOrEqual(budget)
  })

test('a page settles without a shift, before and after its script runs', { tag: '@full' }, async ({
  page,
}) => {
  for (const address of ['/prompts', '/prompts/business_logic_implementation']) {
    await page.goto(address)
    await page.waitForLoadState('networkidle')
    const shift = await page.evaluate(async () => {
      const { promise, resolve } = Promise.withResolvers<number>()
      let sum = 0
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if ('value' in entry) sum += Number(entry.value)
      }).observe({ type: 'layout-shift', buffered: true })
      requestAnimationFrame(() => requestAnimationFrame(() => resolve(sum)))
      return promise
    })
    expect(shift).toBeLessThan(0.02)
  }
})
