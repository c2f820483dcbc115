import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { root } from '../root.mjs'

/** What a command of the operator said. */
export interface Said {
  code: number | null
  stdout: string
  stderr: string
}

/**
 * Runs `npm run admin -- ARGS` as a test does: without npm and the launcher.
 * @param environment beside PATH and HOME; nothing of the test's own settings reaches it
 */
export async function runAdmin(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  input = '',
): Promise<Said> {
  const { PATH = '', HOME = '', NODE_ENV, NODE_COMPILE_CACHE } = process.env
  const child: ChildProcessWithoutNullStreams = spawn(process.execPath, ['scripts/admin.ts', ...args], {
    cwd: root,
    env: { PATH, HOME, NODE_ENV, NODE_COMPILE_CACHE, INCIPIT_ROOT: root, ...environment },
  })
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
    new Promise((done) => child.stdin.end(input, () => done(undefined))),
  ])
  return { code: code as number | null, stdout, stderr }
}
