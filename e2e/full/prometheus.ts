import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { installDebianPackage } from '../../scripts/debian-package.mjs'
import { until } from '../faults/harness/until.ts'
import { freePort } from '../start-app.ts'

const PROGRAM = '/usr/bin/prometheus'
const TOOL = '/usr/bin/promtool'
const run = promisify(execFile)

/** A sample that a query answers. */
export interface Sample {
  metric: Record<string, string>
  value: [number, string]
}

/** A Prometheus that scrapes an app every second. */
export interface Prometheus {
  /** Health of each target, by its address. */
  targets(): Promise<Record<string, string>>
  /** @throws Error when it is no query */
  query(expression: string): Promise<Sample[]>
  /** Names of the rules that it has loaded. */
  rules(): Promise<string[]>
  stop(): Promise<void>
}

/** Debian's Prometheus, installed when it is missing and we are root. */
async function install(): Promise<void> {
  if (!existsSync(PROGRAM)) await installDebianPackage('prometheus')
  if (!existsSync(PROGRAM)) throw new Error('Prometheus is missing: apt-get install prometheus')
}

/** Runs promtool. @returns what it printed @throws Error with that when it is not content */
export async function promtool(...args: string[]): Promise<string> {
  await install()
  return run(TOOL, args).then(
    ({ stdout }) => stdout,
    (error: { stdout: string; stderr: string }) => {
      throw new Error(error.stdout + error.stderr)
    },
  )
}

export async function startPrometheus(target: string, rules: string): Promise<Prometheus> {
  await install()
  const folder = await mkdtemp(path.join(tmpdir(), 'incipit-prometheus-'))
  const port = await freePort()
  const config = {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: [rules],
    scrape_configs: [{ job_name: 'incipit', static_configs: [{ targets: [target] }] }],
  }
  const file = path.join(folder, 'prometheus.yml')
  // JSON is YAML.
  await writeFile(file, JSON.stringify(config))
  const child = spawn(
    PROGRAM,
    [
      `--config.file=${file}`,
      `--storage.tsdb.path=${path.join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: 'ignore' },
  )
  const ask = async <T>(where: string): Promise<T> => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/${where}`)
    const { data, error } = (await answer.json()) as { data: T; error?: string }
    if (!answer.ok) throw new Error(`${where}: ${error}`)
    return data
  }
  await until('Prometheus answers', () => ask('status/buildinfo'), { within: 60_000 })
  return {
    async targets() {
      const { activeTargets } = await ask<{ activeTargets: { scrapeUrl: string; health: string }[] }>(
        'targets',
      )
      return Object.fromEntries(activeTargets.map(({ scrapeUrl, health }) => [scrapeUrl, health]))
    },
    async query(expression) {
      const { result } = await ask<{ result: Sample[] }>(`query?query=${encodeURIComponent(expression)}`)
      return result
    },
    async rules() {
      const { groups } = await ask<{ groups: { rules: { name: string }[] }[] }>('rules')
      return groups.flatMap((group) => group.rules.map(({ name }) => name))
    },
    stop: () => end(child, folder),
  }
}

async function end(child: ChildProcess, folder: string): Promise<void> {
  if (child.exitCode === null) {
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
  await rm(folder, { recursive: true, force: true })
}
