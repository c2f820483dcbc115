import { readdirSync, readFileSync, realpathSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire, stripTypeScriptTypes } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { databaseScripts, verifyScript } from '../launch/database-scripts.mjs'
import { root } from '../root.mjs'

/** The history, the launcher's lock and other hidden files, tests and measurements: no part of the app. */
const notOfTheApp =
  /^(?:\.|e2e\/|bench\/|test-results\/|compose\.|(?:playwright|vitest)\.config\.|(?!node_modules\/).*\.test\.tsx?$)/

/**
 * The tracer by which Next finds what its own build needs, in the version that Next uses.
 * @type {{nodeFileTrace: (files: string[], options: object) => Promise<{fileList: Set<string>, warnings: Set<Error>}>}}
 */
const { nodeFileTrace } = createRequire(join(root, 'package.json'))('next/dist/compiled/@vercel/nft')

const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))

/** What is started in an image, besides the build itself. */
const programs = [
  'server.js',
  'scripts/packaged.mjs',
  'lib/prompts/render/render-worker.ts',
  'lib/transfer/reading/read-worker.ts',
  verifyScript,
  ...Object.values(databaseScripts),
]

/**
 * Every file outside the build that a running app and its commands read, by Next's own traces and by the imports of
 * the programs.
 * @param {string} build folder of the production build
 * @returns {Promise<string[]>} relative to the project; links are among them
 */
export async function traceFiles(build) {
  const traced = tracedByNext(build)
  const { fileList } = await nodeFileTrace(programs, {
    base: root,
    mixedModules: true,
    ignore: (path) => isLeftOut(path) || (isPackage(path) && traced.has(path)),
    readFile: readSource,
    // Files that are read are named by Next's traces, or copied as whole folders: looking for them takes a minute.
    analysis: { emitGlobs: false, computeFileReferences: false, evaluatePureExpressions: false },
  })
  const all = new Set([...traced, ...fileList])
  return [...all].filter((path) => !isOfBuild(build, path) && !isOfTests(path) && !notOfTheApp.test(path))
}

/** Whether all that it needs has been traced with it. Next itself is not: its server is started in another way here. */
function isPackage(path) {
  return (
    path.startsWith('node_modules/') && !/^node_modules\/next\/dist\/(?!compiled\/next-server\/)/.test(path)
  )
}

/** What Next loads to develop and to build, and no production server. */
const leftOut = [
  /\/next\/dist\/(?:compiled\/(?:webpack|babel)|server\/dev|lib\/upgrade)\//,
  /\/next\/dist\/compiled\/next-server\/.*\.dev\.js$/,
  /^node_modules\/(?:@next\/swc|typescript)/,
]

function isLeftOut(path) {
  return leftOut.some((pattern) => pattern.test(path)) || isOfTests(path)
}

/** Some packages look for others that nobody need have; where the tools of the tests are installed, they are there. */
function isOfTests(path) {
  const name = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/|$)/.exec(path)?.[0]
  return Boolean(name && lock.packages[name]?.dev)
}

function tracedByNext(build) {
  const found = new Set()
  for (const name of readdirSync(build, { recursive: true })) {
    // Next has a second, smaller server, which nothing here starts.
    if (!name.endsWith('.nft.json') || name.startsWith('next-minimal-server')) continue
    const file = join(build, name)
    for (const path of JSON.parse(readFileSync(file, 'utf8')).files)
      found.add(relative(root, resolve(dirname(file), path)))
  }
  return found
}

function isOfBuild(build, path) {
  return path.startsWith(`${relative(root, build)}/`)
}

/** The tracer reads JavaScript; ours is TypeScript whose types can be taken away. */
async function readSource(path) {
  try {
    const text = await readFile(path, 'utf8')
    const isOurs = path.endsWith('.ts') && !realpathSync(path).includes('/node_modules/')
    return isOurs ? stripTypeScriptTypes(text) : text
  } catch (error) {
    if (['ENOENT', 'EISDIR'].includes(error.code)) return null
    throw error
  }
}
