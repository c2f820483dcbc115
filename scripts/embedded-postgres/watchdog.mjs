import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { bareEnvironment } from '../child-environment.mjs'

/**
 * A throw-away server must not outlive the tests that made it, even when they are killed: a small shell
 * waits on a pipe that closes with this process, then ends the server and removes its files. It does so
 * with the rights of the server's account: whatever number its pid file says, nothing else is ended.
 * @param {import('./server.mjs').Server} server
 * @param {string} folder removed afterwards
 */
export function stopWhenWeDie(server, folder) {
  if (process.platform === 'win32') return { release() {} }
  const script =
    'read -r word; [ "$word" = released ] || { kill -QUIT "$(head -n 1 "$1")"; sleep 1; rm -rf "$2"; }'
  const pidFile = join(server.dataFolder, 'postmaster.pid')
  const { account } = server
  const child = spawn('sh', ['-c', script, 'watchdog', pidFile, folder], {
    cwd: '/',
    env: bareEnvironment(),
    ...(account && { uid: account.uid, gid: account.gid }),
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  child.on('error', () => {})
  child.stdin.on('error', () => {})
  child.unref()
  child.stdin.unref?.()
  return {
    release() {
      child.stdin.end('released\n')
    },
  }
}
