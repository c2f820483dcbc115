import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../root.mjs'

/* Prints how large the product code is, so that growth is seen. It refuses nothing: the linter holds files and
 * functions, lib/folders.test.ts folders. */

const AIM_LINES = 55_000
const ROOMS = ['app', 'components', 'lib', 'inngest', 'packages', 'scripts', 'bench']
const IS_PRODUCT = /\.(?:ts|tsx|mjs|js)$/
const IS_TEST = /\.test\.|\/testing\.ts$|\/generated\/|^lib\/testing\/|^packages\/[^/]+\/(?:suite|testing)\//

const files = execFileSync('git', ['ls-files', ...ROOMS], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((file) => IS_PRODUCT.test(file) && !IS_TEST.test(file))

const linesOf = (file) => readFileSync(join(root, file), 'utf8').split('\n').length - 1
const byRoom = Map.groupBy(files, (file) => file.split('/')[0])

let total = 0
for (const [room, own] of byRoom) {
  const lines = own.reduce((sum, file) => sum + linesOf(file), 0)
  total += lines
  console.log(`${room.padEnd(12)} ${String(own.length).padStart(5)} files ${String(lines).padStart(7)} lines`)
}
console.log(
  `${'all'.padEnd(12)} ${String(files.length).padStart(5)} files ${String(total).padStart(7)} lines (aim: ${AIM_LINES})`,
)
