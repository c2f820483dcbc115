import { expectedError } from '../expected-error.mjs'

/** By npm's own code: what it means for the person at the terminal. */
const remedies = [
  [
    /^(ENOTFOUND|EAI_AGAIN|ECONN\w+|ETIMEDOUT|ERR_SOCKET_TIMEOUT|EHOSTUNREACH|ENETUNREACH|E5\d\d)$/,
    'network',
  ],
  [/^(E40[134]|ETARGET|EINTEGRITY)$/, 'registry'],
  [/^(ENOSPC|EDQUOT)$/, 'disk'],
  [/^(EACCES|EPERM|EROFS)$/, 'rights'],
  [/^(ENOTEMPTY|EEXIST|EBUSY)$/, 'disturbed'],
]

const hints = {
  network:
    'The npm registry was not reached. Check the network and the registry in use (npm config get registry), then run the command again.',
  registry:
    'The npm registry in use (npm config get registry) does not give every package as the lockfile has it. Use another registry, or sign in to this one.',
  disk: 'The disk is full. An install takes about a gigabyte, and npm keeps what it downloaded in its cache (npm config get cache).',
  rights:
    'npm may not write here. Run the command as the user who owns this folder, or give it to this user.',
  disturbed: 'Another program changes node_modules at the same time. End it, then run the command again.',
  unknown: "npm's own log, which it names above, says more.",
}

/**
 * Whether npm met files that another process was just adding or removing.
 * @param {string} output of npm
 */
export function isDisturbed(output) {
  return kindOf(output) === 'disturbed'
}

/**
 * The error for a failed npm command.
 * @param {string} command such as "ci"
 * @param {{code: number, output: string, signal?: string | null}} result
 */
export function explainNpm(command, { output, signal }) {
  if (signal) return expectedError(`npm ${command} was ended (${signal}). The next start installs anew.`)
  return expectedError(`npm ${command} failed:\n\n${errorLines(output)}`, `\n${hints[kindOf(output)]}`)
}

function kindOf(output) {
  const code = output.match(/^npm (?:error|ERR!) code (\S+)/m)?.[1] ?? ''
  return remedies.find(([codes]) => codes.test(code))?.[1] ?? 'unknown'
}

/** npm's errors without its warnings; its reasons come first, its usage last. */
function errorLines(text) {
  const lines = text.split('\n')
  const errors = lines.filter((line) => line.startsWith('npm error'))
  return (errors.length > 0 ? errors.slice(0, 25) : lines.slice(-25)).join('\n')
}
