import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** Revisions that the official conformance suite can require of a server. */
export const REVISIONS = ['2025-11-25', '2026-07-28'] as const
export type ConformanceRevision = (typeof REVISIONS)[number]

export interface Check {
  id: string
  /** SUCCESS, FAILURE, WARNING (a recommendation that is not followed), INFO or SKIPPED. */
  status: string
  errorMessage?: string
}

export interface SuiteRun {
  /** The checks of every scenario that ran. */
  scenarios: Map<string, Check[]>
  /** 0: everything passed but what the file of expected failures names. */
  exitCode: number
  output: string
}

/** Names the scenarios and checks that do not apply to a server of prompts. */
export const EXPECTED_FAILURES = path.join(import.meta.dirname, 'expected-failures.yaml')

/** Runs what a revision requires of servers, by the suite's own command. */
export function runSuite(url: string, revision: ConformanceRevision): Promise<SuiteRun> {
  return runWith(url, ['--requirements', revision, '--expected-failures', EXPECTED_FAILURES])
}

/** Runs one scenario, of an extension say, which no revision requires. */
export function runScenario(url: string, scenario: string, revision: ConformanceRevision): Promise<SuiteRun> {
  return runWith(url, ['--scenario', scenario, '--spec-version', revision, '--force'])
}

async function runWith(url: string, options: string[]): Promise<SuiteRun> {
  const folder = await mkdtemp(path.join(tmpdir(), 'incipit-conformance-'))
  const manifest = createRequire(import.meta.url).resolve('@modelcontextprotocol/conformance/package.json')
  const program = path.join(path.dirname(manifest), 'dist/index.js')
  try {
    const { code, output } = await run(process.execPath, [
      program,
      'server',
      '--url',
      url,
      '-o',
      folder,
      ...options,
    ])
    return { scenarios: await readResults(folder), exitCode: code, output }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function run(file: string, args: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile(file, args, { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, output: stdout + stderr })
    })
  })
}

/** Each scenario leaves a folder `server-<scenario>-<time>` with its checks. */
async function readResults(folder: string): Promise<SuiteRun['scenarios']> {
  const scenarios: SuiteRun['scenarios'] = new Map()
  for (const entry of await readdir(folder)) {
    const scenario = /^server-(.+?)-\d{4}-\d\d-\d\dT/.exec(entry)?.[1]
    if (scenario === undefined) continue
    const text = await readFile(path.join(folder, entry, 'checks.json'), 'utf8')
    scenarios.set(scenario, JSON.parse(text) as Check[])
  }
  return scenarios
}
