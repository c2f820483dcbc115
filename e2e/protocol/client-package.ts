import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** What a program printed, and how it ended. */
export interface Ran {
  code: number | null
  out: string
  err: string
}

/** The package of a running instance, installed from it into a folder of its own. */
export interface InstalledClient {
  /** A project that depends on it; programs in it can import `incipit`. */
  folder: string
  /** Runs the command line. */
  incipit(
    args: readonly string[],
    where?: { cwd?: string; env?: Record<string, string>; input?: string },
  ): Promise<Ran>
  /** Runs a program of the project. */
  program(code: string, env?: Record<string, string>): Promise<Ran>
  npm(args: readonly string[]): Promise<Ran>
  /** In which npm asks nobody but this machine. */
  environment: Readonly<Record<string, string>>
  remove(): Promise<void>
}

/** Nothing but this machine is asked: the registry of npm is an address that nobody listens at. */
export async function installClient(url: string): Promise<InstalledClient> {
  const folder = await mkdtemp(path.join(tmpdir(), 'incipit-client-'))
  const own = {
    HOME: folder,
    XDG_CONFIG_HOME: path.join(folder, 'config'),
    npm_config_cache: path.join(folder, 'cache'),
    npm_config_registry: 'http://127.0.0.1:9/',
    npm_config_update_notifier: 'false',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
  }
  const npm = (args: readonly string[]) => run('npm', args, { cwd: folder, env: own })
  await writeFile(
    path.join(folder, 'package.json'),
    '{"name": "a-project", "type": "module", "private": true}',
  )
  const installed = await npm(['install', `${url}/client.tgz`])
  if (installed.code !== 0) throw new Error(`npm install failed:\n${installed.out}\n${installed.err}`)
  const bin = path.join(folder, 'node_modules', 'incipit', 'dist', 'cli.js')
  return {
    folder,
    npm,
    environment: own,
    incipit: (args, { cwd = folder, env = {}, input } = {}) =>
      run(process.execPath, [bin, ...args], { cwd, env: { ...own, INCIPIT_URL: url, ...env }, input }),
    program: (code, env = {}) =>
      run(process.execPath, ['--input-type=module', '--eval', code], {
        cwd: folder,
        env: { ...own, INCIPIT_URL: url, ...env },
      }),
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
  }
}

async function run(
  program: string,
  args: readonly string[],
  { cwd, env, input = '' }: { cwd: string; env: Record<string, string>; input?: string | undefined },
): Promise<Ran> {
  const foreign = /^(?:INCIPIT_|npm_|NODE_OPTIONS$|VITEST)/
  const inherited = Object.entries(process.env).filter(([name]) => !foreign.test(name))
  const child = spawn(program, args, {
    cwd,
    env: { ...Object.fromEntries(inherited), NODE_ENV: 'production', NO_COLOR: '1', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (piece: Buffer) => {
    out += piece.toString()
  })
  child.stderr.on('data', (piece: Buffer) => {
    err += piece.toString()
  })
  child.stdin.end(input)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, out, err }
}
