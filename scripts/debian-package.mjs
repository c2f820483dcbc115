import { existsSync } from 'node:fs'
import { withoutSecrets } from './child-environment.mjs'
import { runCommand } from './run-command.mjs'

/** apt-get holds a lock: one installation after another. */
let queue = Promise.resolve()

/**
 * Installs a Debian package where that is possible: as root, where apt-get exists. Whether it worked
 * shows in what the caller looks for afterwards.
 * @param {string} name
 */
export function installDebianPackage(name) {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return Promise.resolve()
  queue = queue.then(() => install(name))
  return queue
}

async function install(name) {
  const options = { env: { ...withoutSecrets(), DEBIAN_FRONTEND: 'noninteractive' } }
  const args = ['install', '-y', '--no-install-recommends', name]
  if ((await runCommand('apt-get', args, options)).code === 0) return
  await runCommand('apt-get', ['update'], options)
  await runCommand('apt-get', args, options)
}
