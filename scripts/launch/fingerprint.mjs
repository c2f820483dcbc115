import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../root.mjs'

/**
 * One hash over the names and contents of files. Times of change say nothing here: git sets them anew
 * at every checkout.
 * @param {readonly string[]} paths files and folders, relative to the project; missing ones are skipped
 * @param {(path: string) => boolean} [isWanted] asked for every path found
 */
export function fingerprint(paths, isWanted = () => true) {
  const hash = createHash('sha256')
  for (const path of paths.flatMap((entry) => filesUnder(entry, isWanted))) {
    hash.update(`${path}\0`)
    hash.update(
      createHash('sha256')
        .update(readFileSync(join(root, path)))
        .digest(),
    )
  }
  return hash.digest('hex')
}

function filesUnder(path, isWanted) {
  const found = statSync(join(root, path), { throwIfNoEntry: false })
  if (!found || !isWanted(path)) return []
  if (!found.isDirectory()) return [path]
  const names = readdirSync(join(root, path)).sort()
  return names.flatMap((name) => filesUnder(`${path}/${name}`, isWanted))
}
