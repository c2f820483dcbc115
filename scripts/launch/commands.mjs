import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expectedError } from '../expected-error.mjs'
import { root } from '../root.mjs'
import { databaseToLookAt, openDatabase } from './database.mjs'
import { databaseScripts, needOfDatabase, verifyScript } from './database-scripts.mjs'
import { installPackages } from './install.mjs'
import { chooseNode, environmentFor } from './node-runtime.mjs'
import { buildApp, buildSite, generateClient, isBuilt, refuseToReplaceBuild } from './prepare.mjs'
import { serve } from './serve.mjs'
import { readSettings } from './settings.mjs'

/**
 * What npm's scripts run, by name. Each takes the rest of the command line and returns an exit code.
 * @type {Record<string, (args: string[]) => Promise<number>>}
 */
export const commands = {
  start: () =>
    serve({
      args: () => ['server.js'],
      mode: 'production',
      prepare: prepareForProduction,
      isPrepared: isBuilt,
    }),

  dev: () =>
    serve({
      args: ({ host, port }) => [
        'node_modules/next/dist/bin/next',
        'dev',
        '--hostname',
        host,
        '--port',
        String(port),
      ],
      mode: 'development',
      prepare: async (node) => {
        await generateClient(node)
        await buildSite(node)
      },
      isPrepared: () => false,
    }),

  async build() {
    await installPackages('run')
    await prepareForProduction(chooseNode())
    return 0
  },

  async test(args) {
    const node = await prepareTools('all')
    const { runTests } = await import('../test/run-tests.mjs')
    return runTests(node, args)
  },

  async 'test:full'(args) {
    const node = await prepareTools('all')
    const { runTests } = await import('../test/run-tests.mjs')
    return runTests(node, args, { full: true })
  },

  async 'test:abuse'(args) {
    const node = await prepareTools('all')
    const { runTests } = await import('../test/run-tests.mjs')
    const { abuseTable, printAbuse } = await import('../test/abuse.mjs')
    const full = args.includes('full')
    const names = ['protocol', 'abuse', 'faults', ...(full ? ['full'] : [])]
    const status = await runTests(node, [...names, '--', '-t', 'case \\d+'], { full })
    return printAbuse(abuseTable(names)) ? status : 1
  },

  async 'release:check'() {
    const node = await prepareTools('all')
    return run(node, ['scripts/release/check.ts'])
  },

  async 'release:files'(args) {
    const node = await prepareTools('all')
    return run(node, ['scripts/release/files.ts', ...args])
  },

  async 'test:inngest'(args) {
    const node = await prepareTools('all')
    const [flag, url] = args
    const isKnown = args.length === 0 || (flag === '--url' && url !== undefined)
    if (!isKnown) throw expectedError('Name a server, or nothing: npm run test:inngest -- --url http://…')
    // A server cannot be killed from here: the suite checks how functions behave on it.
    const tests = url === undefined ? 'inngest-embedded/suite' : 'inngest-embedded/suite/behaviours'
    const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--project', 'integration', tests]
    const patience = url === undefined ? [] : ['--testTimeout', '600000']
    return run(node, [...vitest, ...patience], { INNGEST_TEST_URL: url })
  },

  async validate() {
    const status = await commands.test(['static', 'unit'])
    await run(process.execPath, ['scripts/test/print-size.mjs'])
    return status
  },

  async bench(args) {
    const node = await prepareTools('all')
    await buildApp(node)
    return run(node, ['bench/run.ts', ...args])
  },

  async 'bench:web'(args) {
    const node = await prepareTools('all')
    await buildApp(node)
    return run(node, ['bench/web/run.ts', ...args])
  },

  async 'bench:generations'(args) {
    const node = await prepareTools('all')
    await buildApp(node)
    return run(node, ['bench/generations/run.ts', ...args])
  },

  async 'db:check'() {
    const node = await prepareTools('all')
    return run(node, ['scripts/database/check.ts'])
  },
  async 'backup:verify'(args) {
    const node = await prepareTools('run')
    return run(node, [verifyScript, ...args])
  },
  ...Object.fromEntries(
    Object.entries(databaseScripts).map(([name, script]) => [
      name,
      (args) => (name === 'admin' ? administer(script, args) : withDatabase(script, args)),
    ]),
  ),

  async 'image:root'(args) {
    await commands.build()
    return run(chooseNode(), ['--disable-warning=ExperimentalWarning', 'scripts/image/assemble.mjs', ...args])
  },
}

async function prepareForProduction(node) {
  // Before anything of the new version is made.
  refuseToReplaceBuild()
  await generateClient(node)
  await buildApp(node)
}

/**
 * What every script needs: packages, a Node that runs TypeScript, the database client.
 * @param {import('./install.mjs').InstallScope} wanted
 */
async function prepareTools(wanted) {
  await installPackages(wanted)
  const node = chooseNode()
  await generateClient(node)
  return node
}

/** Runs a command of the operator, with the database as far as it needs one. */
async function administer(script, args) {
  const need = needOfDatabase(args)
  if (need === 'it open') return withDatabase(script, args)
  const node = await prepareTools('run')
  if (need === 'nothing') return run(node, [script, ...args])
  const database = await databaseToLookAt(script)
  try {
    return await run(node, [script, ...args], database.environment)
  } finally {
    await database.stop()
  }
}

/** Runs a script over the database: the running one, else started for the time of the script. */
async function withDatabase(script, args) {
  const settings = readSettings()
  const node = await prepareTools('run')
  const database = await openDatabase(settings, { purpose: script, attach: true })
  try {
    return await run(node, [script, ...args], database.environment)
  } finally {
    await database.stop()
  }
}

async function run(node, args, environment) {
  const child = spawn(node, args, { cwd: root, stdio: 'inherit', env: environmentFor(node, environment) })
  // Ctrl-C reaches the child by itself; we wait for it, and clean up after it.
  const ignore = () => {}
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, ignore)
  const [code] = await once(child, 'exit')
  return code ?? 1
}
