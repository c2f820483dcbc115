import { reportOutcome } from '../../outcomes/operations/report-outcome.ts'
import { OutcomeReport, ReportOutcomeInput } from '../../outcomes/schema.ts'
import { SETS, tool } from './tool.ts'

export const reportOutcomeTool = tool({
  name: 'report_outcome',
  scope: 'prompts:read',
  title: 'Report an outcome',
  description:
    'Tells how a rendered prompt or a generation turned out, by the receipt in its `_meta`. Reporting again replaces what you reported before.',
  annotations: SETS,
  advice: { unprocessable: 'Take the receipt whole, from the answer that is meant.' },
  input: ReportOutcomeInput,
  output: OutcomeReport,
  async run({ actor }, input) {
    const report = await reportOutcome(actor, input)
    return { text: `${WORDS[report.change]} ${report.outcome}.`, data: report }
  },
})

const WORDS: Readonly<Record<OutcomeReport['change'], string>> = {
  new: 'Reported:',
  unchanged: 'Reported before:',
  replaced: 'Reported anew:',
}
