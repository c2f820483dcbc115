import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { ROOT } from '#lib/testing/database.ts'
import { compareVersions } from '#lib/version.ts'
import { runCommand } from '../../scripts/run-command.mjs'

/** The first release, which has no tag. */
const FIRST_RELEASE = 'af17d40'

/**
 * The release before this one, installed and built in a folder of its own, which later runs find again.
 * @returns the folder
 * @throws Error with what its build printed
 */
export async function previousRelease(): Promise<string> {
  const commit = git('rev-parse', '--short=12', `${newestTag() ?? FIRST_RELEASE}^{commit}`)
  const folder = path.join(ROOT, 'node_modules', '.cache', 'incipit-releases', commit)
  if (!existsSync(folder)) {
    mkdirSync(folder, { recursive: true })
    const packed = execFileSync('git', ['archive', commit], { cwd: ROOT, maxBuffer: 1 << 30 })
    execFileSync('tar', ['-x'], { cwd: folder, input: packed })
  }
  await build(folder)
  return folder
}

/** Of the tags of other commits than this one. */
function newestTag(): string | undefined {
  const tags = git('tag', '--list', 'v*', '--no-contains', 'HEAD').split('\n')
  return tags
    .filter((tag) => /^v\d+\.\d+\.\d+$/.test(tag))
    .sort((a, b) => compareVersions(a.slice(1), b.slice(1)))
    .at(-1)
}

/** Installs and builds what is missing, by the release's own command. */
async function build(folder: string): Promise<void> {
  const kept = Object.entries(process.env).filter(([name]) => !/^(npm_|INCIPIT_|VITEST|NODE_)/.test(name))
  const env = { ...Object.fromEntries(kept), NODE_ENV: 'production' as const }
  const { code, output } = await runCommand(process.execPath, ['scripts/launch.mjs', 'build'], {
    cwd: folder,
    env,
  })
  if (code !== 0) throw new Error(`The release before this one cannot be built:\n${output}`)
}

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim()
}
