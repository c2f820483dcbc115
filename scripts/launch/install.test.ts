import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

/**
 * Plays npm: notes each run, works until the file `go` is there, then leaves what npm leaves. Two at once
 * disturb each other as npm's do, and an order to stop is obeyed only after `go`, as by npm's rollback.
 */
const NPM = `
  const fs = require('node:fs')
  const note = (text) => fs.appendFileSync('runs', text + '\\n')
  const until = (name, then) => fs.existsSync(name) ? then() : setTimeout(until, 10, name, then)
  note(process.argv.slice(2).join(' ') + ' ' + (process.env.OPENAI_API_KEY ?? 'without keys'))
  if (fs.existsSync('working') || fs.existsSync('node_modules/left-over')) {
    console.error('npm error code ENOTEMPTY')
    process.exit(190)
  }
  fs.writeFileSync('working', String(process.pid))
  let isStopped = false
  process.on('SIGTERM', () => { isStopped = true })
  until('go', () => {
    fs.rmSync('working')
    if (isStopped) process.exit(130)
    const lock = JSON.parse(fs.readFileSync('package-lock.json', 'utf8'))
    if (!process.argv.includes('--include=dev'))
      for (const [name, entry] of Object.entries(lock.packages)) if (entry.dev) delete lock.packages[name]
    fs.mkdirSync('node_modules', { recursive: true })
    fs.writeFileSync('node_modules/.package-lock.json', JSON.stringify(lock))
    note('done')
  })`

let folder: string
const started: ReturnType<typeof install>[] = []

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'incipit-install-'))
  const scripts = path.resolve(import.meta.dirname, '..')
  for (const name of ['launch', 'child-environment.mjs', 'expected-error.mjs', 'root.mjs', 'run-command.mjs'])
    cpSync(path.join(scripts, name), path.join(folder, 'scripts', name), { recursive: true })
  write('npm.cjs', NPM)
  const [dependencies, devDependencies] = [{ left: '1.0.0' }, { tool: '2.0.0' }]
  write('package.json', JSON.stringify({ type: 'module', dependencies, devDependencies }))
  const packages = {
    '': { dependencies, devDependencies },
    'node_modules/left': { version: '1.0.0', integrity: 'a' },
    'node_modules/tool': { version: '2.0.0', integrity: 'b', dev: true },
  }
  write('package-lock.json', JSON.stringify({ packages }))
})
afterEach(async () => {
  write('go', '')
  await Promise.all(started.splice(0).map((each) => each.ended))
  rmSync(folder, { recursive: true, maxRetries: 5 })
})

const at = (name: string) => path.join(folder, name)
const write = (name: string, text: string) => writeFileSync(at(name), text)
const runs = () => (existsSync(at('runs')) ? readFileSync(at('runs'), 'utf8').trim().split('\n') : [])
const working = () => existsSync(at('working'))

/** A launcher that installs and ends. */
function install(wanted: 'run' | 'all' = 'run') {
  const source = `
    const { installPackages } = await import(${JSON.stringify(at('scripts/launch/install.mjs'))})
    await installPackages('${wanted}').catch((error) => {
      console.error(error.message)
      process.exitCode = error.exitCode ?? 1
    })`
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    cwd: folder,
    env: { ...process.env, npm_execpath: at('npm.cjs'), npm_lifecycle_event: '', OPENAI_API_KEY: 'planted' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const said = { text: '' }
  child.stderr.on('data', (chunk) => {
    said.text += chunk
  })
  const result = { child, said, ended: once(child, 'close').then(([code]) => code as number | null) }
  started.push(result)
  return result
}

/** Processes are slow to start on a busy machine. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 30_000, interval: 10 })

describe('an install', () => {
  it('is run once by starts that come at once; the second waits and finds it done', async () => {
    const both = [install(), install()]
    await expect
      .poll(() => both.some(({ said }) => said.text.includes('waiting until it is done')))
      .toBe(true)
    await eventually(working).toBe(true)
    write('go', '')
    expect(await Promise.all(both.map((each) => each.ended))).toEqual([0, 0])
    expect(runs()).toEqual(['ci --omit=dev --include=optional --no-audit --no-fund without keys', 'done'])
    expect(existsSync(at('.launch.lock'))).toBe(false)
  })

  it('that is broken off is waited for, and the next one begins after its end', async () => {
    const first = install()
    await eventually(working).toBe(true)
    first.child.kill('SIGTERM')
    const second = install()
    await eventually(() => second.said.text).toContain('waiting until it is done')
    expect(first.child.exitCode).toBeNull()
    write('go', '')
    expect(await first.ended).toBe(130)
    expect(first.said.text).toContain('Stopped.')
    expect(await second.ended).toBe(0)
    expect(runs().filter((line) => line === 'done')).toHaveLength(1)
  })

  it('whose launcher was killed is waited for while npm goes on', async () => {
    const first = install()
    await eventually(working).toBe(true)
    first.child.kill('SIGKILL')
    await first.ended
    const second = install()
    await eventually(() => second.said.text).toContain('waiting until it is done')
    write('go', '')
    expect(await second.ended).toBe(0)
    expect(runs()).toHaveLength(2)
  })

  it('that meets the files of another one removes them and tries again', async () => {
    mkdirSync(at('node_modules/left-over'), { recursive: true })
    write('go', '')
    expect(await install().ended).toBe(0)
    expect(runs().map((line) => line.split(' ')[0])).toEqual(['ci', 'ci', 'done'])
  })

  it('for the tests adds to what a start installed, and a start afterwards is content', async () => {
    write('go', '')
    expect(await install('run').ended).toBe(0)
    expect(await install('all').ended).toBe(0)
    expect(await install('run').ended).toBe(0)
    expect(runs()).toEqual([
      expect.stringMatching(/^ci --omit=dev/),
      'done',
      expect.stringMatching(/^install --include=dev --include=optional --no-save/),
      'done',
    ])
  })
})
