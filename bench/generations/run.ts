import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { startApp } from '../../e2e/start-app.ts'
import { startTestDatabase } from '../../scripts/test-database.mjs'
import { sendJson } from '../http.ts'
import { figure, printTable } from '../stats.ts'
import { askDirectly, askProduct, type Load, loseNothing, percentile } from './load.ts'

// `npm run bench:generations`: what the way through the product adds to a call of a provider. The provider is
// the double of the tests, in a process of its own, which answers as fast as it is told to; the same calls go
// to it directly, in the same run. The functions run on the embedded runner.

/** Twenty pieces, five milliseconds apart: a tenth of a second, as the fastest models answer. */
const MODEL = 'words-20.every-5'
const ROUNDS: readonly Load[] = [
  { concurrent: 1, calls: 150 },
  { concurrent: 32, calls: 1500 },
  { concurrent: 256, calls: 2000 },
]
const WARM_UP: Load = { concurrent: 16, calls: 300 }
const ADDED_P50_MS = 50
const JOBS_PER_SECOND = 100

/** The double of the tests as a process of its own: it must not share a core's turns with what is measured. */
async function startDouble(): Promise<{ url: string; stop(): void }> {
  const child = spawn(process.execPath, ['lib/testing/provider-double.ts'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string]
  return { url, stop: () => void child.kill() }
}

const double = await startDouble()
const database = await startTestDatabase({ durable: true })
process.env.INCIPIT_TEST_DATABASE_URL = database.adminUrl
const app = await startApp({
  config: {
    limits: { generations_per_minute: 1_000_000 },
    inngest: { workers: 64, provider_concurrency: 512 },
  },
  env: { INCIPIT_LOG_LEVEL: 'warn' },
})
const rows: string[][] = []
let lost = 0
try {
  const url = new URL(app.url)
  await sendJson(url, 'POST', '/api/prompts', {
    name: 'bench',
    template_content: 'Answer {{ question }}.',
  })
  await sendJson(url, 'POST', '/api/ai/configurations', {
    name: 'double',
    provider: 'openai-compatible',
    base_url: `${double.url}/v1`,
    model: MODEL,
    max_tokens: 100,
    input_price_per_million: 1,
    output_price_per_million: 5,
  })
  await askProduct(url, WARM_UP)
  await askDirectly(double.url, MODEL, WARM_UP)
  for (const load of ROUNDS) {
    const direct = await askDirectly(double.url, MODEL, load)
    const product = await askProduct(url, load)
    lost += product.failed
    const added = (share: number) => percentile(product.took, share) - percentile(direct.took, share)
    rows.push([
      String(load.concurrent),
      figure(direct.perSecond),
      figure(product.perSecond),
      figure(product.perSecond / direct.perSecond),
      figure(percentile(direct.took, 0.5)),
      figure(percentile(product.took, 0.5)),
      figure(added(0.5)),
      figure(added(0.99)),
      String(product.failed),
    ])
  }
  lost += await loseNothing(app.databaseUrl ?? '', [WARM_UP, ...ROUNDS])
} finally {
  await app.stop()
  await database.stop()
  double.stop()
}

printTable(
  `Generations through the product and directly (promised: ${ADDED_P50_MS} ms added at the median by itself, ${JOBS_PER_SECOND} jobs/s, nothing lost)`,
  ['concurrent', 'direct/s', 'jobs/s', 'ratio', 'direct p50', 'p50 ms', 'added p50', 'added p99', 'failed'],
  rows,
)
console.log(
  lost === 0 ? '\nNothing was lost, and each answer was charged once.' : `\n${lost} LOST OR CHARGED TWICE`,
)
process.exit(lost === 0 ? 0 : 1)
