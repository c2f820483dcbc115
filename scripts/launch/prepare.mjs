import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { withoutSecrets } from '../child-environment.mjs'
import { expectedError } from '../expected-error.mjs'
import { root } from '../root.mjs'
import { runCommand } from '../run-command.mjs'
import { fingerprint } from './fingerprint.mjs'
import { environmentFor } from './node-runtime.mjs'
import { withProgress } from './progress.mjs'

/**
 * Everything that the production build is made from. Tests are left out, and so is what is read while
 * the app runs (migrations, seed): changing these needs no build.
 */
const sources = {
  paths: `app components lib inngest public prisma/schema.prisma instrumentation.ts
    instrumentation-client.ts proxy.ts next.config.js postcss.config.mjs tsconfig.json package.json
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
  if (readStamp(stamp) === current) return
  await withProgress('Generating the database client', () =>
    runTool(node, ['node_modules/prisma/build/index.js', 'generate'], {
      CHECKPOINT_DISABLE: '1',
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
    }),
  )
  writeStamp(stamp, current)
}

/**
 * Builds the app for production when its sources changed.
 * @param {string} node
 */
export async function buildApp(node) {
  const stamp = join(distFolder(), 'made-from')
  const current = fingerprint(sources.paths, sources.isWanted)
  if (readStamp(stamp) === current && existsSync(join(distFolder(), 'BUILD_ID'))) return
  rmSync(stamp, { force: true })
  await withProgress('Building the app (about a minute the first time)', () =>
    runTool(node, ['node_modules/next/dist/bin/next', 'build'], { NODE_ENV: 'production' }),
  )
  writeStamp(stamp, current)
}

/** Where Next puts the build: INCIPIT_DIST_DIR keeps a second one apart. */
function distFolder() {
  return join(root, process.env.INCIPIT_DIST_DIR ?? '.next')
}

async function runTool(node, args, environment) {
  const { code, output } = await runCommand(node, args, {
    cwd: root,
    env: withoutSecrets(environmentFor(node, environment)),
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
