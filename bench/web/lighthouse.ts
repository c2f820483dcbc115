import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'

const CLI = path.resolve(import.meta.dirname, '../../node_modules/lighthouse/cli/index.js')
const LARGEST_REPORT = 64 * 1024 * 1024

const Report = z.object({
  runtimeError: z.object({ message: z.string() }).optional(),
  categories: z.object({
    performance: z.object({ score: z.number().nullable() }),
    accessibility: z.object({ score: z.number().nullable() }),
  }),
  audits: z.record(z.string(), z.object({ numericValue: z.number().optional() })),
})

/** What Lighthouse says of a page. */
export interface Scores {
  /** Of 100. */
  performance: number
  accessibility: number
  /** Milliseconds. */
  largestPaint: number
  blocking: number
  /** Cumulative layout shift, without a unit. */
  shift: number
}

/**
 * Loads a page in a fresh Chromium with Lighthouse's desktop settings. The middle of three runs by
 * performance: one alone hangs on what else the machine did.
 */
export async function scoresOf(url: string, chromium: string): Promise<Scores> {
  const runs: Scores[] = []
  for (let run = 0; run < 3; run++)
    // Chromium leaves the beginning out of a trace now and then, which Lighthouse cannot do without.
    runs.push(await runOnce(url, chromium).catch(() => runOnce(url, chromium)))
  runs.sort((one, other) => one.performance - other.performance)
  const [, middle] = runs
  if (middle === undefined) throw new Error('no run')
  return middle
}

async function runOnce(url: string, chromium: string): Promise<Scores> {
  const sandbox = process.getuid?.() === 0 ? ' --no-sandbox' : ''
  const args = [
    CLI,
    url,
    '--preset=desktop',
    '--only-categories=performance,accessibility',
    '--output=json',
    '--quiet',
    `--chrome-flags=--headless=new --disable-background-networking${sandbox}`,
  ]
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    maxBuffer: LARGEST_REPORT,
    env: { ...process.env, CHROME_PATH: chromium },
  })
  const { runtimeError, categories, audits } = Report.parse(JSON.parse(stdout))
  if (runtimeError) throw new Error(`${url}: ${runtimeError.message}`)
  const value = (audit: string) => audits[audit]?.numericValue ?? Number.NaN
  return {
    performance: Math.round((categories.performance.score ?? 0) * 100),
    accessibility: Math.round((categories.accessibility.score ?? 0) * 100),
    largestPaint: value('largest-contentful-paint'),
    blocking: value('total-blocking-time'),
    shift: value('cumulative-layout-shift'),
  }
}
