import { performance } from 'node:perf_hooks'
import { type RunningApp, startApp } from '../e2e/start-app.ts'
import { freshDatabase } from '../lib/testing/database.ts'
import { copyPrompt } from './fill.ts'
import { sendJson } from './http.ts'
import { SAMPLE } from './sample-prompt.ts'

/** The production build on a database with many prompts. */
export interface Product {
  url: URL
  databaseUrl: string
  /** By the role that serves, for another instance. */
  servingUrl: string
  pid: number
  /** Milliseconds from the start of the process to /health/ready. */
  readyAfter: number
  stop(): Promise<void>
}

export interface ProductOptions {
  /** Environment variables on top of the machine's. */
  env?: Record<string, string>
  /** Writes more rows before the product starts. */
  fill?: (databaseUrl: string) => Promise<void>
}

/** Starts the product on a new database with so many copies of the sample prompt. */
export async function startProduct(
  prompts: number,
  { env = {}, fill }: ProductOptions = {},
): Promise<Product> {
  const database = await freshDatabase()
  const first = await startApp({ database: database.url })
  const created = await sendJson(new URL(first.url), 'POST', '/api/prompts', SAMPLE)
  if (created.status !== 201) throw new Error(`the sample prompt was refused: ${created.text}`)
  await first.stop()
  await copyPrompt(database.ownerUrl, SAMPLE.name, prompts)
  await fill?.(database.ownerUrl)
  const start = performance.now()
  const app: RunningApp = await startApp({
    database: database.url,
    env: { INCIPIT_LOG_LEVEL: 'warn', ...env },
  })
  return {
    url: new URL(app.url),
    databaseUrl: database.ownerUrl,
    servingUrl: database.url,
    pid: app.pid,
    readyAfter: performance.now() - start,
    async stop() {
      await app.stop()
      await database.drop()
    },
  }
}
