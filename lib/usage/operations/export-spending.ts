import type { Actor } from '../../access/actor.ts'
import { csvLine } from '../../csv.ts'
import type { Download } from '../../download.ts'
import { getRuntime } from '../../runtime.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMayReadUsage } from '../policy.ts'
import { readSpendingRows } from '../spending/read-spending.ts'
import type { SpendingQuery, SpendingRow } from '../spending-schema.ts'

const COLUMNS: readonly (keyof SpendingRow)[] = [
  'key',
  'name',
  'generations',
  'generations_failed',
  'attempts',
  'attempts_failed',
  'input_tokens',
  'output_tokens',
  'tokens',
  'cost',
  'unpriced',
  'cost_per_generation',
  'cost_per_1000_tokens',
  'share',
  'latency_ms',
  'queue_ms',
  'first_token_ms',
]

/**
 * The rows of spending as a CSV file, largest first: `limit` of them, else up to `limits.spending_rows`.
 * @throws as getSpending does
 */
export const exportSpending = operation('exportSpending', run)

async function run(actor: Actor, input: SpendingQuery): Promise<Download> {
  assertMayReadUsage(actor)
  const limit = input.limit ?? getRuntime().config.limits.spending_rows
  const { rows, by } = await readSpendingRows(actor, input, limit)
  const lines = [COLUMNS, ...rows.map((row) => COLUMNS.map((name) => row[name]))]
  const text = lines.map(csvLine).join('')
  return {
    fileName: `spending-by-${by}-${new Date().toISOString().slice(0, 10)}.csv`,
    mediaType: 'text/csv; charset=utf-8; header=present',
    start(sink) {
      sink.write(text)
      sink.end()
      return () => undefined
    },
  }
}
