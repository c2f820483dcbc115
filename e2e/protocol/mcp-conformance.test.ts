import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from '#lib/testing/database.ts'
import { FIXTURES } from '../conformance/fixtures.ts'
import { REVISIONS, runSuite, type SuiteRun } from '../conformance/suite.ts'
import { conformanceTable, readReasons } from '../conformance/table.ts'
import { type RunningApp, startApp } from '../start-app.ts'
import { rest } from './mcp-apps.ts'

/** The official conformance suite of the protocol against the production build. */

let app: RunningApp
const runs: SuiteRun[] = []
beforeAll(async () => {
  app = await startApp()
  for (const fixture of FIXTURES) await rest(app, 'POST', '/api/prompts', fixture)
  for (const revision of REVISIONS) runs.push(await runSuite(`${app.url}/api/mcp`, revision))
}, 240_000)
afterAll(() => app.stop())

describe('the conformance suite', () => {
  it.each(REVISIONS.map((revision, index) => [revision, index] as const))(
    '%s: everything that applies passes',
    (_, index) => {
      const { exitCode, output, scenarios } = runs[index] ?? {
        exitCode: -1,
        output: '',
        scenarios: new Map(),
      }
      expect({ exitCode, said: exitCode === 0 ? '' : output.slice(-4000) }).toEqual({ exitCode: 0, said: '' })
      expect(scenarios.size).toBeGreaterThan(25)
    },
  )

  it('is told in docs/mcp.md as it went', async () => {
    const document = await readFile(path.join(ROOT, 'docs/mcp.md'), 'utf8')
    const shown = /<!-- conformance -->\n([\s\S]*?)\n<!-- \/conformance -->/.exec(document)?.[1]
    expect(shown).toBe(conformanceTable(runs, await readReasons()))
  })
})
