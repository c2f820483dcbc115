import type { Actor } from '../../access/actor.ts'
import { type CsvColumns, rowsDownload } from '../../access/list-download.ts'
import type { Download } from '../../download.ts'
import { getRuntime } from '../../runtime.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMayReadUsage } from '../policy.ts'
import { readSpendingRows } from '../spending/read-spending.ts'
import type { SpendingQuery, SpendingRow } from '../spending-schema.ts'

const NAMES: readonly (keyof SpendingRow)[] = [
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
const COLUMNS: CsvColumns<SpendingRow> = NAMES.map((name) => [name, (row) => row[name]])

/**
 * The rows of spending as CSV or as a JSON text a line, largest first: `limit` of them, else up to
 * `limits.spending_rows`, which the last line says where there are more.
 * @throws as getSpending does
 */
export const exportSpending = operation('exportSpending', run)

async function run(actor: Actor, input: SpendingQuery): Promise<Download> {
  assertMayReadUsage(actor)
  const most = getRuntime().config.limits.spending_rows
  const { rows, count, by } = await readSpendingRows(actor, input, input.limit ?? most)
  const isCut = input.limit === undefined && count > rows.length
  return rowsDownload(actor, {
    name: `spending-by-${by}`,
    format: input.format,
    columns: COLUMNS,
    rows,
    cut: isCut ? `These are the ${rows.length} largest of ${count} rows (limits.spending_rows)` : undefined,
    told: (text) => ({ key: 'export.limit', name: text }),
  })
}
