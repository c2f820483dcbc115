import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { chmod, chown, cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { ROOT } from '#lib/testing/database.ts'
import { installDebianPackage } from '../../scripts/debian-package.mjs'
import { collect, freePort, waitFor } from '../start-app.ts'

const run = promisify(execFile)
const DEBOOTSTRAP = '/usr/sbin/debootstrap'

/** The root file system of the image, put together as its Dockerfile does: Debian, then what image:root assembles. */
export interface Image {
  readonly root: string
  /** Bytes on disk, by `du`. */
  megabytes(folder?: string): Promise<number>
  remove(): Promise<void>
}

/**
 * Makes Debian's smallest system and lays the app with its PostgreSQL over it. Needs root.
 * @throws Error when debootstrap cannot be installed
 */
export async function makeImage(): Promise<Image> {
  if (!existsSync(DEBOOTSTRAP)) await installDebianPackage('debootstrap')
  if (!existsSync(DEBOOTSTRAP)) throw new Error('debootstrap is missing: apt-get install debootstrap')
  const folder = await mkdtemp(path.join(tmpdir(), 'incipit-image-'))
  await chmod(folder, 0o755)
  const root = path.join(folder, 'root')
  const include = '--include=libatomic1,libnss-wrapper'
  await run(DEBOOTSTRAP, ['--variant=minbase', include, suite(), root], { maxBuffer: 1e8 })
  // As in Debian's slim image.
  for (const name of ['share/doc', 'share/man', 'share/info', 'share/locale'])
    await rm(path.join(root, 'usr', name), { recursive: true })
  for (const name of ['cache', 'lib/apt/lists', 'log'])
    await rm(path.join(root, 'var', name), { recursive: true })
  const account = '--uid 10001 --gid 0 --no-create-home --home-dir /data --shell /usr/sbin/nologin incipit'
  await run('chroot', [root, '/usr/sbin/useradd', ...account.split(' ')])
  await mkdir(path.join(root, 'data'))
  const app = path.join(folder, 'app')
  const assemble = ['--disable-warning=ExperimentalWarning', 'scripts/image/assemble.mjs', app, '--embedded']
  await run(process.execPath, assemble, { cwd: ROOT })
  await cp(app, root, { recursive: true, verbatimSymlinks: true })
  return {
    root,
    async megabytes(of = '/') {
      const { stdout } = await run('du', ['-sm', path.join(root, of)])
      return Number.parseInt(stdout, 10)
    },
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
  }
}

/** The release of Debian that the Dockerfile builds on. */
function suite(): string {
  return /^ARG DEBIAN=.*:(\w+)-slim$/m.exec(dockerfile())?.[1] ?? ''
}

/** What ENV of the Dockerfile says. */
function imageEnvironment(): NodeJS.ProcessEnv {
  const pairs = [...dockerfile().matchAll(/^(?:ENV)? +([A-Z_]+)=([^ \\\n]+)/gm)]
  return {
    NODE_ENV: 'production',
    PATH: '/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    ...Object.fromEntries(pairs.map(([, name, value]) => [name, value])),
  }
}

function dockerfile(): string {
  return readFileSync(path.join(ROOT, 'Dockerfile'), 'utf8')
}

/** A container as far as the kernel alone makes one: its own processes and mounts, a root that cannot be written. */
export interface Container {
  readonly url: string
  output(): string
  /** Runs a program of the image in the container, as `docker exec` does. */
  exec(...command: string[]): Promise<string>
  /** SIGTERM to its first process. */
  stop(): Promise<{ code: number | null; ms: number }>
}

/**
 * Starts `incipit start` as the first process of a container, on this machine's loopback.
 * @param account its numbers, with or without a name in the image
 * @param dataDir mounted at /data
 */
export async function startContainer(
  { root }: Image,
  { account, dataDir }: { account: string; dataDir: string },
): Promise<Container> {
  const port = await freePort()
  const [uid, gid] = account.split(':').map(Number)
  await chown(dataDir, uid ?? 0, gid ?? 0)
  await chmod(dataDir, 0o2770)
  const script = `set -e
    mount --make-rprivate /
    mount --bind "$1" "$1"
    mount -t proc proc "$1/proc"
    mount --bind /dev "$1/dev"
    mount -t tmpfs -o mode=1777 tmpfs "$1/dev/shm"
    mount -t tmpfs -o mode=1777 tmpfs "$1/tmp"
    mount --bind "$2" "$1/data"
    mount -o remount,bind,ro "$1"
    exec chroot --userspec="$3" --groups="\${3#*:}" "$1" /usr/local/bin/incipit start`
  const namespaces = ['--mount', '--pid', '--fork', '--kill-child']
  const child = spawn('unshare', [...namespaces, 'sh', '-c', script, 'container', root, dataDir, account], {
    env: { ...imageEnvironment(), HOST: '127.0.0.1', PORT: String(port) },
  })
  const output = collect(child)
  const exited = once(child, 'exit').then(([code]) => code as number | null)
  const url = `http://127.0.0.1:${port}`
  try {
    await waitFor(`${url}/health/ready`, exited, output, 120_000)
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
  const first = firstProcess(child)
  return {
    url,
    output,
    async exec(...command) {
      const inside = ['chroot', `--userspec=${account}`, root, ...command]
      const env = { ...imageEnvironment(), PORT: String(port) }
      const { stdout } = await run('nsenter', ['-t', String(first), '--mount', '--pid', ...inside], { env })
      return stdout
    },
    async stop() {
      const begun = Date.now()
      process.kill(first, 'SIGTERM')
      return { code: await exited, ms: Date.now() - begun }
    },
  }
}

function firstProcess({ pid }: ChildProcess): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim())
}
