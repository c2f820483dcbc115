import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from '#lib/testing/database.ts'
import { freePort, type RunningApp, startApp } from '../start-app.ts'

let dataDir: string
let app: RunningApp | undefined

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'incipit-launcher-'))
})
afterEach(async () => {
  await app?.stop()
  app = undefined
})
afterAll(() => rm(dataDir, { recursive: true, force: true }))

function start(port?: number): Promise<RunningApp> {
  return startApp({ database: 'embedded', dataDir, ...(port === undefined ? {} : { port }) })
}

/** The launcher, started to fail: its exit code and what it said. */
async function launch(env: Record<string, string>): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, ['scripts/launch.mjs', 'start'], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const [code] = await once(child, 'close')
  return { code, output }
}

async function postgresPid(): Promise<number> {
  const file = path.join(dataDir, 'postgres-18', 'postmaster.pid')
  return Number((await readFile(file, 'utf8')).split('\n')[0])
}

async function promptCount(url: string): Promise<number> {
  const response = await fetch(`${url}/api/prompts`)
  expect(response.status).toBe(200)
  return (await response.json()).items.length
}

describe('the launcher with its embedded PostgreSQL', () => {
  it('case 31: refuses a second app on the same folder, and says which one has it', async () => {
    app = await start()
    const second = await launch({ INCIPIT_DATA_DIR: dataDir, PORT: String(await freePort()) })
    expect(second.code).toBe(1)
    expect(second.output).toContain(`Another Incipit uses the data folder ${dataDir}: on ${app.url}`)
    expect(second.output).toContain('INCIPIT_DATA_DIR')
  })

  it('says that a port is taken, and what to do', async () => {
    app = await start()
    const second = await launch({ PORT: String(app.port) })
    expect(second.code).toBe(1)
    expect(second.output).toContain(`Port ${app.port} is in use on 127.0.0.1.`)
    expect(second.output).toContain(`PORT=${app.port + 1} npm start`)
  })

  it('prints where to go', async () => {
    app = await start()
    await expect.poll(() => app?.output()).toContain(`http://localhost:${app.port}/api/mcp`)
  })

  it('stops app and database on SIGTERM', async () => {
    const running = await start()
    await expect(postgresPid()).resolves.toBeGreaterThan(0)
    await expect(running.stop()).resolves.toBe(0)
    await expect(postgresPid()).rejects.toThrow('ENOENT')
    await expect(fetch(running.url)).rejects.toThrow('fetch failed')
  })

  it('killed: the app ends by itself, and the next start goes on with the same data and port', async () => {
    app = await start()
    const count = await promptCount(app.url)
    expect(count).toBeGreaterThan(0)
    await app.kill()
    app = await start(app.port)
    await expect(promptCount(app.url)).resolves.toBe(count)
  })

  it('starts a killed database again; the app heals without a restart', async () => {
    app = await start()
    const { url } = app
    const before = await promptCount(url)
    process.kill(await postgresPid(), 'SIGKILL')
    await expect.poll(() => app?.output(), { timeout: 20_000 }).toContain('PostgreSQL is back')
    await expect.poll(async () => (await fetch(`${url}/health/ready`)).status, { timeout: 20_000 }).toBe(200)
    await expect(promptCount(url)).resolves.toBe(before)
  })
})
