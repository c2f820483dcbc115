import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from '#lib/testing/database.ts'
import { isFullRun } from '../extent.ts'
import { type RunningApp, startApp } from '../start-app.ts'

/** The MCP Inspector's command line, as people use it to look at a server. */

const run = promisify(execFile)
const PROGRAM = path.join(
  ROOT,
  'node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js',
)

let app: RunningApp
beforeAll(async () => {
  app = await startApp()
})
afterAll(() => app.stop())

async function inspect(...options: string[]): Promise<unknown> {
  const { stdout } = await run(process.execPath, [
    PROGRAM,
    '--cli',
    `${app.url}/api/mcp`,
    '--transport',
    'http',
    '--format',
    'json',
    ...options,
  ])
  return JSON.parse(stdout) as unknown
}

const ERAS: [string, string[]][] = [
  ['the newer era', ['--protocol-era', 'modern']],
  ['the older era', []],
]

describe.each(isFullRun ? ERAS : ERAS.slice(0, 1))('%s', (_, era) => {
  it('lists prompts and tools', async () => {
    expect(await inspect(...era, '--method', 'prompts/list')).toMatchObject({
      result: { prompts: expect.arrayContaining([expect.objectContaining({ name: 'react' })]) },
    })
    // --strict: fails on schemas that some models cannot use.
    expect(await inspect(...era, '--method', 'tools/list', '--strict')).toMatchObject({
      result: { tools: expect.arrayContaining([expect.objectContaining({ name: 'render_prompt' })]) },
    })
  })

  it('gets a prompt and calls a tool', async () => {
    const got = await inspect(
      ...era,
      '--method',
      'prompts/get',
      '--prompt-name',
      'business_logic_implementation',
      '--prompt-args',
      'business_domain=e-commerce',
      'requirements=authentication',
    )
    expect(JSON.stringify(got)).toContain('e-commerce')
    const called = await inspect(...era, '--method', 'tools/call', '--tool-name', 'list_categories')
    expect(JSON.stringify(called)).toContain('techniques')
  })
})
