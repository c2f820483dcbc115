import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from '#lib/testing/database.ts'
import { type Block, readBlocks } from '../../scripts/docs/blocks.ts'
import { type RunningApp, startApp } from '../start-app.ts'
import { type InstalledClient, installClient } from './client-package.ts'

/* Each line of curl of the documentation, in the order of reading, on a fresh production build. */

let app: RunningApp
let client: InstalledClient
beforeAll(async () => {
  app = await startApp()
  client = await installClient(app.url)
})
afterAll(async () => {
  await Promise.all([app.stop(), client.remove()])
})

const ADDRESS = 'http://localhost:3000'
const isRun = ({ language, marks }: Block) => language === 'sh' && !marks.has('no-run')
const BLOCKS = readBlocks().filter(isRun)

/** As a reader types it, but that it ends at the first failure, and that an error of HTTP is one. */
const PREAMBLE = 'set -euo pipefail\ncurl() { command curl --fail-with-body --max-time 60 "$@"; }\n'

interface Ran {
  code: number | null
  output: string
}

async function bash({ text, marks }: Block): Promise<Ran> {
  const child = spawn('bash', ['-c', PREAMBLE + text.replaceAll(ADDRESS, app.url)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: { ...process.env, ...client.environment },
  })
  let output = ''
  const read = (piece: Buffer) => {
    output += piece.toString()
    // A stream goes on for ever: its first event is enough.
    if (marks.has('stream') && output.includes('data:')) process.kill(-(child.pid ?? 0))
  }
  child.stdout.on('data', read)
  child.stderr.on('data', read)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, output }
}

describe('examples in shell', () => {
  it.each(BLOCKS.map((block) => [block.place, block] as const))('%s works', async (place, block) => {
    const { code, output } = await bash(block)
    const isWell = block.marks.has('stream') ? output.includes('event:') : code === 0
    expect([place, isWell ? 'works' : output]).toEqual([place, 'works'])
    // JSON-RPC tells of errors with 200.
    expect([place, output.match(/"error":\s*\{"code":.*/)?.[0]]).toEqual([place, undefined])
    expect(output).not.toBe('')
  })

  it('are many: scripts/docs/blocks.test.ts bounds those that are not run', () => {
    expect(BLOCKS.length).toBeGreaterThan(20)
  })
})

describe('examples in TypeScript', () => {
  const programs = readBlocks().filter(({ language, marks }) => language === 'ts' && !marks.has('no-run'))
  it.each(programs.map(({ place, text }) => [place, text]))('%s works', async (_, text) => {
    const code = text.replaceAll(ADDRESS, app.url)
    const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', code], {
      // The client is there where it is installed.
      cwd: text.includes("from 'incipit'") ? client.folder : ROOT,
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    expect(await once(child, 'exit')).toEqual([0, null])
  })
})
