import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../root.mjs'

/**
 * What `npm test` and `npm run test:full` run, in the order of starting: of those that need the build the longest first,
 * so that nothing is left to run by itself. One line, one stage.
 *
 * @typedef {object} Stage
 * @property {string} name `npm test -- name` runs it alone
 * @property {'static' | 'tests'} group `npm test -- static` runs a whole group
 * @property {'check' | 'vitest' | 'playwright'} kind how its result is counted: a check counts as one
 * @property {string[][]} commands what Node runs, one after another
 * @property {('build' | 'browser' | 'debian')[]} [needs]
 * @property {boolean} [full] only the full run has it, or who names it
 * @property {boolean} [alone] it measures time or kills things: nothing runs beside it
 * @property {Record<string, string>} [env]
 */

const bin = {
  biome: 'node_modules/@biomejs/biome/bin/biome',
  depcruise: 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
  knip: 'node_modules/knip/bin/knip.js',
  next: 'node_modules/next/dist/bin/next',
  oxlint: 'node_modules/oxlint/bin/oxlint',
  playwright: 'node_modules/@playwright/test/cli.js',
  tsc: 'node_modules/typescript/bin/tsc',
  vitest: 'node_modules/vitest/vitest.mjs',
}
const vitest = (project) => [[bin.vitest, 'run', '--project', project]]
const debian = { INCIPIT_TEST_PG: 'debian' }

/** @type {Stage[]} */
export const stages = [
  {
    name: 'lint',
    group: 'static',
    kind: 'check',
    commands: [[bin.oxlint, '--type-aware', '--deny-warnings']],
  },
  { name: 'format', group: 'static', kind: 'check', commands: [[bin.biome, 'check', '.']] },
  { name: 'imports', group: 'static', kind: 'check', commands: [[bin.depcruise, ...importRoots()]] },
  { name: 'unused', group: 'static', kind: 'check', commands: [[bin.knip]] },
  { name: 'lockfile', group: 'static', kind: 'check', commands: [['scripts/test/check-lockfile.mjs']] },
  { name: 'schema', group: 'static', kind: 'check', commands: [['scripts/database/check.ts']] },
  {
    name: 'types',
    group: 'static',
    kind: 'check',
    commands: [
      [bin.next, 'typegen'],
      [bin.tsc, '--noEmit', '--pretty', 'false'],
    ],
  },
  { name: 'unit', group: 'tests', kind: 'vitest', commands: vitest('unit') },
  { name: 'integration', group: 'tests', kind: 'vitest', commands: vitest('integration') },
  {
    name: 'integration-debian',
    group: 'tests',
    kind: 'vitest',
    commands: vitest('integration'),
    needs: ['debian'],
    full: true,
    env: debian,
  },
  {
    name: 'e2e',
    group: 'tests',
    kind: 'playwright',
    commands: [[bin.playwright, 'test']],
    needs: ['build', 'browser'],
  },
  { name: 'protocol', group: 'tests', kind: 'vitest', commands: vitest('protocol'), needs: ['build'] },
  { name: 'abuse', group: 'tests', kind: 'vitest', commands: vitest('abuse'), needs: ['build'] },
  {
    name: 'faults',
    group: 'tests',
    kind: 'vitest',
    commands: vitest('faults'),
    needs: ['build'],
    alone: true,
  },
  {
    name: 'full',
    group: 'tests',
    kind: 'vitest',
    commands: vitest('full'),
    needs: ['build'],
    full: true,
    alone: true,
  },
]

/** What dependency-cruiser walks; it refuses a name that does not exist. */
function importRoots() {
  const roots =
    'app bench client components e2e inngest instrumentation.ts lib packages prisma scripts server.js'.split(
      ' ',
    )
  const options = ['--config', '.dependency-cruiser.js', '--output-type', 'err']
  return [...roots.filter((name) => existsSync(join(root, name))), ...options]
}
