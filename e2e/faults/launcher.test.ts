import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from '#lib/testing/database.ts'
import { ONLY_FULL } from '../extent.ts'
import { freePort, type RunningApp, startApp } from '../start-app.ts'
import { call, createPrompt, textAt } from './harness/api.ts'
import { childrenOf, isRunning } from './harness/processes.ts'
import { until } from './harness/until.ts'

let dataDir: string
/** One after the other: each test goes on with the app that the one before left. */
let app: RunningApp

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'incipit-launcher-'))
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

/** Process number of the app under the launcher. */
async function serverOf(launcher: number): Promise<number> {
  const database = await postmaster()
  const [server] = childrenOf(launcher).filter((pid) => pid !== database)
  if (server === undefined) throw new Error('the launcher has no app')
  return server
}

/** Begins one of npm's commands. */
function begin(command: string, env: Record<string, string>) {
  const { DATABASE_URL: _ignored, ...environment } = process.env
  const child = spawn(process.execPath, ['scripts/launch.mjs', command], {
    cwd: ROOT,
    env: { ...environment, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (chunk) => {
      said[name] += chunk.toString()
    })
  return { child, said, ended: once(child, 'close').then(([code]) => Number(code)) }
}

/** Runs one of npm's commands to its end. */
async function launch(command: string, env: Record<string, string>) {
  const { said, ended } = begin(command, env)
  return { code: await ended, output: said.stderr + said.stdout }
}

const hello = async () => textAt((await call(app, 'GET', '/api/prompts/kept/render?who=you')).body, 'content')

describe('the launcher with its embedded PostgreSQL', () => {
  it('prints where to go', async () => {
    const address = `http://localhost:${app.port}/api/mcp`
    expect(await until('the address', () => app.output().includes(address) && address)).toBe(address)
  })

  it('case 31: refuses a second app on the same folder, and says which one has it', async () => {
    const second = await launch('start', { INCIPIT_DATA_DIR: dataDir, PORT: String(await freePort()) })
    expect(second.code).toBe(1)
    expect(second.output).toContain(`Another Incipit uses the data folder ${dataDir}: on ${app.url}`)
    expect(second.output).toContain('INCIPIT_DATA_DIR')
    expect(await hello()).toBe('Hello you')
  })

  it('says that a port is taken, and what to do', async () => {
    const second = await launch('start', { PORT: String(app.port) })
    expect(second.code).toBe(1)
    expect(second.output).toContain(`Port ${app.port} is in use on 127.0.0.1.`)
    expect(second.output).toContain(`PORT=${app.port + 1} npm start`)
  })

  it.each(ONLY_FULL)(
    'runs beside another of the same folder, with a port and data of its own; stdout is its log alone',
    async () => {
      const other = await mkdtemp(path.join(tmpdir(), 'incipit-launcher-'))
      const second = begin('start', { INCIPIT_DATA_DIR: other, PORT: String(await freePort()) })
      await until('the second one', () => second.said.stderr.includes('Incipit is ready'), { within: 60_000 })
      expect(await hello()).toBe('Hello you')
      second.child.kill('SIGTERM')
      expect(await second.ended).toBe(0)
      const levels = second.said.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).level)
      expect(levels.length).toBeGreaterThan(0)
      expect(levels.every((level) => typeof level === 'string')).toBe(true)
      await rm(other, { recursive: true, force: true, maxRetries: 5 })
    },
  )

  it('case 31: lets the db commands work beside the app', async () => {
    const before = await postmaster()
    const { code, output } = await launch('db:migrate', { INCIPIT_DATA_DIR: dataDir })
    expect(output).not.toMatch(/error|refused|Another Incipit/i)
    expect(code).toBe(0)
    expect(await postmaster()).toBe(before)
    expect((await call(app, 'GET', '/health/ready')).status).toBe(200)
  })

  it('case 25: starts a killed PostgreSQL again with every acknowledged row; the app heals', async () => {
    const before = await postmaster()
    const names = Array.from({ length: 20 }, (_, n) => `acknowledged-${n}`)
    for (const name of names) await createPrompt(app, name, 'x')
    process.kill(before, 'SIGKILL')
    for (const child of childrenOf(before)) process.kill(child, 'SIGKILL')
    await until('another PostgreSQL', async () => (await postmaster()) !== before, { within: 20_000 })
    await app.ready(20_000)
    const found = await Promise.all(names.map((name) => call(app, 'GET', `/api/prompts/${name}/versions`)))
    expect(found.map(({ status }) => status)).toEqual(names.map(() => 200))
  })

  it('case 31: killed with its app, the next start adopts the PostgreSQL that they left', async () => {
    const database = await postmaster()
    const server = await serverOf(app.pid)
    process.kill(app.pid, 'SIGKILL')
    process.kill(server, 'SIGKILL')
    await app.exited
    await until('the app is gone', () => !isRunning(server))
    expect(isRunning(database)).toBe(true)

    app = await startApp({ database: 'embedded', dataDir })
    expect(await postmaster()).toBe(database)
    expect(await hello()).toBe('Hello you')
  })

  it('killed alone, its app ends by itself, and the next start goes on with the same data and port', async () => {
    const server = await serverOf(app.pid)
    await app.kill()
    await until('the app follows its launcher', () => !isRunning(server), { within: 20_000 })
    app = await startApp({ database: 'embedded', dataDir, port: app.port })
    expect(await hello()).toBe('Hello you')
  })

  it('stops app and database on SIGTERM', async () => {
    const database = await postmaster()
    expect(await app.stop()).toBe(0)
    expect(isRunning(database)).toBe(false)
    await expect(fetch(app.url)).rejects.toThrow('fetch failed')
  })
})
