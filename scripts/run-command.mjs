import { spawn } from 'node:child_process'

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set()

/**
 * Ends every program that runCommand runs, may be broken off, and was not yet.
 * @param {NodeJS.Signals} signal
 */
export function endRunningCommands(signal) {
  for (const child of running) child.kill(signal)
}

/**
 * Runs a program to its end and collects what it prints.
 * @param {string} file
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions & {onStart?: (pid: number) => void, mayBreakOff?: boolean}} [options]
 *   mayBreakOff: endRunningCommands ends it too
 * @returns {Promise<{code: number, signal: string | null, output: string}>} exit code (1 when it was killed),
 *   what killed it, stdout and stderr together
 */
export function runCommand(file, args, { onStart, mayBreakOff = false, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true, ...options })
    let output = ''
    if (mayBreakOff) running.add(child)
    child.once('close', () => running.delete(child))
    if (child.pid) onStart?.(child.pid)
    const collect = (chunk) => {
      output += chunk
    }
    child.stdout?.on('data', collect)
    child.stderr?.on('data', collect)
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code: code ?? 1, signal, output: output.trim() }))
  })
}
