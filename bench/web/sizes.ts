import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { gzipSync } from 'node:zlib'

const ROOT = path.resolve(import.meta.dirname, '../..')

/** Kilobytes of gzipped script that the first load of a page may need (design: the browser's budgets). */
const BUDGETS_KB = {
  '/prompts': 250,
  '/prompts/new': 280,
  '/prompts/[name]': 280,
  '/prompts/[name]/versions': 250,
  '/prompts/[name]/usage': 250,
  '/prompts/[name]/generations': 250,
  '/playground': 280,
  '/generations': 250,
  '/generations/[id]': 250,
  '/categories': 250,
  '/usage': 250,
  '/connect': 250,
  '/import': 250,
} as const

interface RouteSize {
  route: string
  firstLoadChunkPaths: string[]
}

/** What each page's first load brings, compressed as the server does; undefined where the build has no such page. */
export async function firstLoads(): Promise<{ route: string; kB: number | undefined; budget: number }[]> {
  const build = process.env.INCIPIT_DIST_DIR ?? '.next'
  const file = path.join(ROOT, build, 'diagnostics/route-bundle-stats.json')
  const routes = JSON.parse(await readFile(file, 'utf8')) as RouteSize[]
  return Promise.all(
    Object.entries(BUDGETS_KB).map(async ([route, budget]) => {
      const chunks = routes.find((entry) => entry.route === route)?.firstLoadChunkPaths
      return { route, budget, kB: chunks && (await sizeOf(chunks)) }
    }),
  )
}

async function sizeOf(chunks: readonly string[]): Promise<number> {
  const sizes = await Promise.all(
    chunks.map(async (chunk) => gzipSync(await readFile(path.join(ROOT, chunk))).length),
  )
  return sizes.reduce((sum, size) => sum + size, 0) / 1000
}
