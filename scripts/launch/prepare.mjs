import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { withoutSecrets } from '../child-environment.mjs'
import { expectedError } from '../expected-error.mjs'
import { root } from '../root.mjs'
import { runCommand } from '../run-command.mjs'
import { alone } from './alone.mjs'
import { fingerprint } from './fingerprint.mjs'
import { environmentFor } from './node-runtime.mjs'
import { withProgress } from './progress.mjs'
import { refuseWhileRunning } from './running.mjs'

/**
 * Everything that the production build is made from. Tests are left out, and so is what is read while
 * the app runs (migrations, seed): changing these needs no build.
 */
export const sources = {
  paths: `app components lib inngest packages/inngest-embedded/src public prisma/schema.prisma
    instrumentation.ts instrumentation-client.ts proxy.ts next.config.js postcss.config.mjs tsconfig.json package.json
    package-lock.json`.split(/\s+/),
  isWanted: (path) => !/\.test\.tsx?$/.test(path) && path !== 'lib/testing' && path !== 'lib/db/generated',
}

/**
 * Makes the database client when the schema or Prisma changed.
 * @param {string} node
 */
export async function generateClient(node) {
  const stamp = join(root, 'lib', 'db', 'generated', '.made-from')
  const current = fingerprint([
    'prisma/schema.prisma',
    'prisma.config.ts',
    'node_modules/prisma/package.json',
  ])
  await makeOnce(stamp, current, 'Generating the database client', (lock) =>
    runTool(node, ['node_modules/prisma/build/index.js', 'generate'], lock, {
      CHECKPOINT_DISABLE: '1',
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
    }),
  )
}

/**
 * Builds the app for production when its sources changed, and its documentation.
 * @param {string} node
 */
export async function buildApp(node) {
  const stamp = join(distFolder(), 'made-from')
  if (!existsSync(join(distFolder(), 'BUILD_ID'))) rmSync(stamp, { force: true })
  const current = fingerprint(sources.paths, sources.isWanted)
  const make = async (lock) => {
    await runTool(node, ['node_modules/next/dist/bin/next', 'build'], lock, { NODE_ENV: 'production' })
    leaveOutWhatNobodyReads()
  }
  await makeOnce(
    stamp,
    current,
    'Building the app (about a minute the first time)',
    make,
    refuseToReplaceBuild,
  )
  await buildSite(node)
}

/**
 * Looks whether building would take its build away from an app that runs.
 * @throws an expected error that names it
 */
export function refuseToReplaceBuild() {
  if (!isBuilt()) refuseWhileRunning('the build', { build: distFolder() })
}

/**
 * What the documentation and the client are made from: documents, the code that describes the API, the language that
 * the client renders by, and the builders. They lie in the folder of the build, which a build of the app empties.
 */
export const siteSources = {
  paths:
    `docs CHANGELOG.md CONTRIBUTING.md SECURITY.md packages/inngest-embedded/README.md client scripts/site
    scripts/client lib app/tokens.css LICENSE package.json package-lock.json`.split(/\s+/),
  isWanted: (path) => sources.isWanted(path) && !path.endsWith('.test.ts'),
}

/**
 * Builds the site of the documentation and the client when what it is made from changed.
 * @param {string} node
 */
export async function buildSite(node) {
  const folder = join(distFolder(), 'site')
  const current = fingerprint(siteSources.paths, siteSources.isWanted)
  await makeOnce(join(folder, 'made-from'), current, 'Building the documentation and the client', (lock) =>
    runTool(node, ['scripts/site/build.ts', folder], lock, {}),
  )
}

/** Next's cache helps no later build that changes anything; maps of the server's code are for debuggers. */
function leaveOutWhatNobodyReads() {
  rmSync(join(distFolder(), 'cache'), { recursive: true, force: true })
  const server = join(distFolder(), 'server')
  for (const name of readdirSync(server, { recursive: true }))
    if (name.endsWith('.map')) rmSync(join(server, name))
}

/** Whether the next start has to build: that takes a minute. */
export function isBuilt() {
  return readStamp(join(distFolder(), 'made-from')) === fingerprint(sources.paths, sources.isWanted)
}

/** Makes something unless its stamp says that it was made from the same. One process does so at a time. */
async function makeOnce(stamp, current, title, make, check = () => {}) {
  if (readStamp(stamp) === current) return
  await alone(async (lock) => {
    // The process that had the lock before may have made it.
    if (readStamp(stamp) === current) return
    check()
    rmSync(stamp, { force: true })
    await withProgress(title, () => make(lock))
    writeStamp(stamp, current)
  })
}

/** Where Next puts the build: INCIPIT_DIST_DIR keeps a second one apart. */
export function distFolder() {
  return join(root, process.env.INCIPIT_DIST_DIR ?? '.next')
}

async function runTool(node, args, lock, environment) {
  const env = withoutSecrets(environmentFor(node, environment))
  const { code, output } = await runCommand(node, args, {
    cwd: root,
    env,
    mayBreakOff: true,
    onStart: lock.shareWith,
  })
  if (code === 0) return
  throw expectedError(`${args[0].split('/')[1]} ${args.slice(1).join(' ')} failed:\n\n${output}`)
}

function readStamp(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

function writeStamp(path, text) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
