import { readdirSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'

/* Walks the rooms of the house: what a folder holds is seen at one glance. Tests lie beside what they test. */

const ROOT = path.resolve(import.meta.dirname, '..')
const ROOMS = ['app', 'bench', 'client', 'components', 'inngest', 'lib', 'packages', 'scripts']
const MOST_FILES = 25
const IS_CODE = /^(?!.*\.test\.tsx?$).*\.(?:ts|tsx|mjs|js)$/
const IS_MADE = /(?:^|\/)(?:node_modules|generated|\.[^/]*|dist)(?:\/|$)/

/** How many files of code each folder holds, tests and what is in its own folders aside. */
function filesByFolder(): Map<string, number> {
  const counts = new Map<string, number>()
  for (const room of ROOMS)
    for (const file of readdirSync(path.join(ROOT, room), { recursive: true, encoding: 'utf8' })) {
      const folder = path.posix.dirname(path.posix.join(room, file.replaceAll(path.sep, '/')))
      if (IS_CODE.test(file) && !IS_MADE.test(folder)) counts.set(folder, (counts.get(folder) ?? 0) + 1)
    }
  return counts
}

it(`folders hold at most ${MOST_FILES} files; split one that holds more into rooms by meaning`, () => {
  const counts = filesByFolder()
  expect(counts.size).toBeGreaterThan(100)
  expect([...counts].filter(([, files]) => files > MOST_FILES)).toEqual([])
})
