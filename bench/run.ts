import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { startTestDatabase } from '../scripts/test-database.mjs'
import { benchAccess } from './access.ts'
import { benchBeside } from './beside.ts'
import { benchClosedLoop } from './closed-loop.ts'
import { benchGenerationList } from './generation-list.ts'
import { benchImport } from './import.ts'
import { benchOpenLoop } from './open-loop.ts'
import { startProduct } from './product.ts'
import { benchFirstRender, benchMemory, benchSubscribers } from './scale.ts'
import { benchInstances } from './scaling/instances.ts'
import { benchRegistry } from './scaling/registry.ts'
import { benchVolume } from './scaling/volume.ts'
import { benchSpending } from './spending.ts'
import { benchStats } from './stats.ts'
import { benchTelemetry } from './telemetry.ts'

// `npm run bench` measures everything; `npm run bench -- closed open` measures these parts alone, and
// `npm run bench -- beside ../other` compares the hot paths with another checkout that is built.

const PARTS = [
  'closed',
  'open',
  'memory',
  'subscribers',
  'release',
  'import',
  'stats',
  'spending',
  'generation-list',
  'scale',
  'access',
  'telemetry',
] as const
/** Those that start products of their own. */
const APART: readonly string[] = ['scale', 'access', 'telemetry']
const asked = process.argv.slice(2)
const wants = (part: (typeof PARTS)[number]) => asked.length === 0 || asked.includes(part)

async function measureOne(): Promise<void> {
  const product = await startProduct(10_000)
  try {
    if (wants('closed')) {
      buildBaseline()
      await benchClosedLoop(product)
    }
    if (wants('open')) await benchOpenLoop(product.url)
    if (wants('release')) await benchFirstRender(product.url)
    if (wants('subscribers')) await benchSubscribers(product.url)
    if (wants('import')) await benchImport(product)
    if (wants('memory')) await benchMemory(product)
    // Last: the million uses that it fills in would be a burden to the others.
    if (wants('stats')) await benchStats(product)
    if (wants('spending')) await benchSpending(product)
    if (wants('generation-list')) await benchGenerationList(product)
  } finally {
    await product.stop()
  }
}

function buildBaseline(): void {
  const next = path.join(import.meta.dirname, '../node_modules/next/dist/bin/next')
  execFileSync(process.execPath, [next, 'build', path.join(import.meta.dirname, 'next-baseline')], {
    stdio: 'ignore',
  })
}

if (asked[0] === 'beside') {
  await benchBeside(asked[1] ?? '')
  process.exit()
}
const unknown = asked.filter((part) => !PARTS.some((known) => known === part))
if (unknown.length > 0) {
  console.error(`There is no part "${unknown.join(', ')}". There are: ${PARTS.join(', ')}.`)
  process.exit(2)
}
const server = await startTestDatabase({ kind: 'embedded', durable: true })
process.env.INCIPIT_TEST_DATABASE_URL = server.adminUrl
try {
  if (asked.length === 0 || asked.some((part) => !APART.includes(part))) await measureOne()
  if (wants('access')) await benchAccess()
  if (wants('telemetry')) await benchTelemetry()
  if (wants('scale')) {
    await benchInstances(server.dataFolder)
    await benchVolume()
    await benchRegistry()
  }
} finally {
  await server.stop()
}
