import type { Actor } from '../../access/actor.ts'
import { assertWholeFile } from '../../access/held-download.ts'
import { type CsvColumns, listDownload } from '../../access/list-download.ts'
import type { Download } from '../../download.ts'
import { getRuntime } from '../../runtime.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMayReadOutcomes } from '../policy.ts'
import { outcomeReading } from '../read-outcomes.ts'
import type { Outcome, OutcomesQuery } from '../schema.ts'

const COLUMNS: CsvColumns<Outcome> = [
  ['id', ({ id }) => id],
  ['reported_at', (outcome) => outcome.reported_at],
  ['used_at', (outcome) => outcome.used_at],
  ['prompt', ({ prompt }) => prompt],
  ['version', ({ version }) => version],
  ['label', ({ label }) => label],
  ['operation', (outcome) => outcome.operation],
  ['generation', ({ generation }) => generation],
  ['outcome', ({ outcome }) => outcome],
  ['score', ({ score }) => score],
  ['note', ({ note }) => note],
  ['metadata', ({ metadata }) => metadata && JSON.stringify(metadata)],
  ['reporter_id', ({ reporter }) => reporter.id],
  ['reporter', ({ reporter }) => reporter.display],
  ['surface', ({ surface }) => surface],
  ['client', ({ client }) => client],
  ['replaced_at', (outcome) => outcome.replaced_at],
]

/**
 * What the filters leave of the outcomes, newest first, as CSV or as a JSON text a line, sent while it is read. It ends at
 * `limits.outcome_export_rows` with a line that says how to go on.
 * @throws as `listOutcomes`, and invalid_input with `limit`
 */
export const exportOutcomes = operation('exportOutcomes', run)

async function run(actor: Actor, input: OutcomesQuery): Promise<Download> {
  assertMayReadOutcomes(actor, input)
  assertWholeFile(input)
  return listDownload(actor, {
    name: 'outcomes',
    format: input.format,
    columns: COLUMNS,
    rowsOf: (items) => [items],
    ...outcomeReading(actor, input),
    most: getRuntime().config.limits.outcome_export_rows,
    limit: 'limits.outcome_export_rows',
    told: (text) => ({ outcome: 'export.limit', note: text }),
  })
}
