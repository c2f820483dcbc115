import { expectedError } from '../expected-error.mjs'
import { root } from '../root.mjs'
import { runCommand } from '../run-command.mjs'
import { environmentFor } from './node-runtime.mjs'

/** The exit code of scripts/check-settings.ts when settings are wrong; any other failure is not theirs. */
const wrongSettings = 3

/**
 * Checks every setting as the app does at its start.
 * @param {string} node
 * @throws an expected error that names what is wrong
 */
export async function checkSettings(node) {
  const { code, output } = await runCommand(node, ['scripts/check-settings.ts'], {
    cwd: root,
    env: environmentFor(node),
  })
  if (code === wrongSettings) throw expectedError(output)
}
