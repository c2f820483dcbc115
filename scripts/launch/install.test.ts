import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'

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
  let isStopped = false
  process.on('SIGTERM', () => { isStopped = true })
  fs.writeFileSync('working', String(process.pid))
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
interface Launcher {
  child: ChildProcess
  said: { text: string }
  ended: Promise<number | null>
}

const started: Launcher[] = []

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'incipit-install-'))
  const scripts = path.resolve(import.meta.dirname, '..')
  cpSync(scripts, at('scripts'), { recursive: true, filter: (name) => !name.endsWith('.test.ts') })
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
function install(wanted: 'run' | 'all' = 'run'): Launcher {
  const source = `
    const { installPackages } = await import(${JSON.stringify(at('scripts/launch/install.mjs'))})
    await installPackages('${wanted}').catch((error) => {
      console.error(error.message)
      process.exitCode = error.exitCode ?? 1
    })`
  return launch(['--input-type=module', '-e', source])
}

/** Runs Node in the folder; what would be npm is ours. */
function launch(args: string[], environment: Record<string, string> = {}): Launcher {
  const foreign = /^(INCIPIT_|DATABASE_URL$|PORT$|HOST$|npm_)/
  const inherited = Object.entries(process.env).filter(([name]) => !foreign.test(name))
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: {
      ...Object.fromEntries(inherited),
      NODE_ENV: 'test',
      npm_execpath: at('npm.cjs'),
      OPENAI_API_KEY: 'planted',
      ...environment,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const said = { text: '' }
  child.stderr.on('data', (chunk) => {
    said.text += chunk
  })
  const result: Launcher = {
    child,
    said,
    ended: once(child, 'close').then(([code]) => code as number | null),
  }
  started.push(result)
  return result
}

/** Processes are slow to start on a busy machine. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 30_000, interval: 10 })

describe('an install', () => {
  it('is run once by starts that come at once; the second waits and finds it done', async () => {
    const both = [install(), install()]
    const waits = ({ said }: Launcher) => said.text.includes('waiting until it is done')
    await eventually(() => both.some(waits)).toBe(true)
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

describe('a package of this repository', () => {
  it('that is new is added to what is there', async () => {
    write('go', '')
    expect(await install('run').ended).toBe(0)
    const lock = JSON.parse(readFileSync(at('package-lock.json'), 'utf8'))
    lock.packages['node_modules/own'] = { resolved: 'packages/own', link: true }
    write('package-lock.json', JSON.stringify(lock))
    expect(await install('run').ended).toBe(0)
    expect(await install('run').ended).toBe(0)
    expect(runs()).toEqual([
      expect.stringMatching(/^ci --omit=dev/),
      'done',
      expect.stringMatching(/^install --omit=dev --include=optional --no-save/),
      'done',
    ])
  })
})

describe('before an install', () => {
  const start = async (environment: Record<string, string>) => {
    const { ended, said } = launch(['scripts/launch.mjs', 'start'], environment)
    expect(await ended).toBe(1)
    return said.text
  }

  it('a taken port is told', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = z.object({ port: z.number() }).parse(taken.address())
    expect(await start({ PORT: String(port) })).toContain(`Port ${port} is in use on 127.0.0.1.`)
    taken.close()
    expect(runs()).toEqual([])
  })

  it.each([
    [
      'a port that is none',
      { PORT: '', INCIPIT_SERVER_PORT: 'http' },
      'INCIPIT_SERVER_PORT must be a number',
    ],
    ['a file that is not there', { INCIPIT_CONFIG: 'missing.json' }, 'missing.json, which does not exist'],
    ['an address that is not ours', { HOST: '203.0.113.7' }, 'Check HOST and PORT.'],
  ])('%s is told', async (_, environment, message) => {
    expect(await start({ PORT: '0', ...environment })).toContain(message)
    expect(runs()).toEqual([])
  })
})
