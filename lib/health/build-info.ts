import { existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { addGauge } from '../metrics.ts'
import { getRuntime } from '../runtime.ts'
import { VERSION } from '../version.ts'

/** What runs here. */
export interface BuildInfo {
  version: string
  /** Of Node, without its "v". */
  node: string
  /** The whole hash; "unknown" outside of a clone, when `server.commit` does not say it. */
  commit: string
}

/** What runs in this process. */
export function buildInfo(): BuildInfo {
  return getRuntime().once('build.info', ({ config: { root, server } }) => ({
    version: VERSION,
    node: process.versions.node,
    commit: server.commit ?? commitOf(root) ?? 'unknown',
  }))
}

/** Adds what runs here to /metrics. */
export function addBuildMetrics(): void {
  addGauge({
    name: 'incipit_build_info',
    help: 'What runs here; always 1',
    labelNames: ['version', 'node', 'commit'],
    collect() {
      this.set({ ...buildInfo() }, 1)
    },
  })
}

/** The commit of a clone or of a worktree; undefined where there is none. */
export function commitOf(root: string): string | undefined {
  try {
    const place = path.join(root, '.git')
    const folder = statSync(place).isDirectory()
      ? place
      : path.resolve(root, read(place).replace(/^gitdir: /, ''))
    const head = read(path.join(folder, 'HEAD'))
    if (!head.startsWith('ref: ')) return head
    const shared = path.join(folder, 'commondir')
    const home = existsSync(shared) ? path.resolve(folder, read(shared)) : folder
    return branchIn(home, head.slice('ref: '.length))
  } catch {
    return undefined
  }
}

function branchIn(home: string, ref: string): string | undefined {
  const loose = path.join(home, ref)
  if (existsSync(loose)) return read(loose)
  const packed = read(path.join(home, 'packed-refs')).split('\n')
  return packed.find((line) => line.endsWith(` ${ref}`))?.split(' ')[0]
}

function read(file: string): string {
  return readFileSync(file, 'utf8').trim()
}
