import { expect, it } from 'vitest'
import type { Finding } from './finding.ts'
import { junitReport, sarifReport, textReport } from './reports.ts'

const FINDINGS: Finding[] = [
  {
    rule: 'template',
    level: 'error',
    message: 'a < b & "c"\u0000\ud800',
    file: 'prompts/ü x.md',
    line: 3,
    column: 4,
  },
  { rule: 'drift', level: 'warning', message: 'moved on', file: 'prompts/incipit.lock' },
]
const CHECKED = { findings: FINDINGS, files: ['prompts/fine.md', 'prompts/ü x.md'], version: '1.2.3' }

it('SARIF names rule, place and level', () => {
  const { runs } = JSON.parse(sarifReport(CHECKED))
  const [{ tool, results }] = runs
  expect(tool.driver).toMatchObject({ name: 'incipit', semanticVersion: '1.2.3' })
  expect(results).toMatchObject([
    {
      ruleId: 'template',
      level: 'error',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'prompts/%C3%BC%20x.md' },
            region: { startLine: 3, startColumn: 4 },
          },
        },
      ],
    },
    { ruleId: 'drift', level: 'warning' },
  ])
  for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex].id).toBe(ruleId)
})

it('JUnit has a case for each file, and holds any text', () => {
  const text = junitReport(CHECKED)
  expect(text).toContain('<testsuites name="incipit" tests="3" failures="1">')
  expect(text).toContain('<testcase classname="incipit.check" name="prompts/fine.md"></testcase>')
  expect(text).toContain('message="a &lt; b &amp; &quot;c&quot;\ufffd\ufffd"')
  expect(text).toContain('<system-out>prompts/incipit.lock: warning: moved on [drift]</system-out>')
})

it('text is as compilers write it, with the sums', () => {
  expect(textReport(CHECKED).slice(1)).toEqual([
    'prompts/incipit.lock: warning: moved on [drift]',
    '2 files: 1 error, 1 warning.',
  ])
})
