import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { noteRunning, refuseWhileRunning } from './running.mjs'

let folder: string
let app: ReturnType<typeof spawn>

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'incipit-running-'))
  app = spawn(process.execPath, ['-e', 'console.log("up"); setInterval(() => {}, 1000)'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (app.stdout !== null) await once(app.stdout, 'data')
})
afterEach(async () => {
  await kill()
  rmSync(folder, { recursive: true })
})

async function kill(): Promise<void> {
  if (app.exitCode !== null || app.signalCode !== null) return
  app.kill('SIGKILL')
  await once(app, 'exit')
}

const note = () =>
  noteRunning({ address: 'on http://127.0.0.1:3000', build: '/a/.next' }, { folder, pid: app.pid ?? 0 })
const refused = (build?: string) =>
  refuseWhileRunning('the build', build === undefined ? { folder } : { folder, build })

describe('an app that runs from a folder', () => {
  it('is named to whoever would replace its packages or its build', () => {
    note()
    expect(() => refused()).toThrow(
      new RegExp(
        `Process ${app.pid} runs Incipit on http://127.0.0.1:3000 .*the build.*kill ${app.pid}`,
        's',
      ),
    )
    expect(() => refused('/a/.next')).toThrow(`Process ${app.pid}`)
  })

  it('is in nobody’s way who builds elsewhere, and when it has ended', () => {
    const end = note()
    expect(() => refused('/a/.next-2')).not.toThrow()
    end()
    expect(() => refused()).not.toThrow()
  })

  it('is forgotten when it was killed', async () => {
    note()
    await kill()
    expect(() => refused()).not.toThrow()
    expect(readdirSync(folder)).toEqual([])
  })

  it('is not taken for a later process with its number, nor for a file that was cut off', () => {
    note()
    const file = path.join(folder, `${app.pid}.json`)
    const holder: unknown = JSON.parse(readFileSync(file, 'utf8'))
    writeFileSync(file, JSON.stringify(Object.assign({}, holder, { born: 'another time' })))
    writeFileSync(path.join(folder, '1.json'), '{"pid":')
    expect(() => refused()).not.toThrow()
    expect(readdirSync(folder)).toEqual([])
  })
})
