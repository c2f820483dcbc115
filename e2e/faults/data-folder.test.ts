import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from '#lib/testing/database.ts'
import { type RunningApp, startApp } from '../start-app.ts'
import { at, call, createPrompt, textAt } from './harness/api.ts'
import { childrenOf, isRunning } from './harness/processes.ts'
import { until } from './harness/until.ts'

let dataDir: string
let app: RunningApp

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'incipit-data-'))
  app = await startApp({ database: 'embedded', dataDir })
  await createPrompt(app, 'kept', 'Hello {{ who }}')
})
afterAll(async () => {
  await app.stop()
  await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
})

/** Process number of the PostgreSQL on the data folder, by its own file. */
async function postmaster(): Promise<number> {
  const name = (await readdir(dataDir)).find((entry) => /^postgres-\d+$/.test(entry))
  if (name === undefined) throw new Error('there is no data folder of PostgreSQL')
  return Number((await readFile(path.join(dataDir, name, 'postmaster.pid'), 'utf8')).split('\n')[0])
}

/** Runs one of npm's scripts on the data folder. */
async function launch(...args: string[]): Promise<{ code: number | null; output: string }> {
  const { DATABASE_URL: _ignored, ...environment } = process.env
  const child = spawn(process.execPath, ['scripts/launch.mjs', ...args], {
    cwd: ROOT,
    env: { ...environment, INCIPIT_DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, output }
}

describe('case 31: one data folder', () => {
  it('lets the db commands work beside the server', async () => {
    const before = await postmaster()
    const { code, output } = await launch('db:migrate')
    expect(output).not.toMatch(/error|refused|Another Incipit/i)
    expect(code).toBe(0)
    expect(await postmaster()).toBe(before)
    expect((await call(app, 'GET', '/health/ready')).status).toBe(200)
  })

  it('adopts the database that a killed launcher and app left running', async () => {
    const before = await postmaster()
    const [server] = childrenOf(app.pid).filter((pid) => pid !== before)
    process.kill(app.pid, 'SIGKILL')
    if (server !== undefined) process.kill(server, 'SIGKILL')
    await app.exited
    await until('the server is gone', () => server === undefined || !isRunning(server))
    expect(isRunning(before)).toBe(true)

    app = await startApp({ database: 'embedded', dataDir })
    expect(await postmaster()).toBe(before)
    const read = await call(app, 'GET', '/api/prompts/kept/render?who=you')
    expect(at(read.body, 'content')).toBe('Hello you')
    await createPrompt(app, 'after-adoption', 'x')
  })

  it('keeps every acknowledged row when PostgreSQL itself is killed under the app', async () => {
    const before = await postmaster()
    const names: string[] = []
    for (let n = 0; n < 20; n++) names.push(textAt((await createPrompt(app, `kept-${n}`, 'x')).body, 'name'))
    process.kill(before, 'SIGKILL')
    for (const child of childrenOf(before)) process.kill(child, 'SIGKILL')
    await until('another PostgreSQL', async () => (await postmaster()) !== before, { within: 15_000 })
    await app.ready(15_000)
    const found = await Promise.all(names.map((name) => call(app, 'GET', `/api/prompts/${name}/versions`)))
    expect(found.map(({ status }) => status)).toEqual(names.map(() => 200))
  })
})
