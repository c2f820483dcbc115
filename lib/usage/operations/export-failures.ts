import type { Actor } from '../../access/actor.ts'
import { type CsvColumns, rowsDownload } from '../../access/list-download.ts'
import type { Download } from '../../download.ts'
import { getRuntime } from '../../runtime.ts'
import { operation } from '../../telemetry/operation.ts'
import type { FailuresQuery } from '../failures-schema.ts'
import { assertMayReadUsage } from '../policy.ts'
import { readReasons } from '../read-reasons.ts'
import type { Failure } from '../use-schema.ts'

const NAMES: readonly (keyof Failure)[] = [
  'code',
  'variable',
  'asked',
  'prompt',
  'version',
  'since_version',
  'label',
  'client',
  'count',
  'first_at',
  'last_at',
]
const COLUMNS: CsvColumns<Failure> = NAMES.map((name) => [name, (row) => row[name]])

/**
 * Why uses failed as CSV or as a JSON text a line, most often first: `limit` of the reasons, else up to
 * `limits.usage_failure_rows`, which the last line says where there are more.
 * @throws as listFailures does
 */
export const exportFailures = operation('exportFailures', run)

async function run(actor: Actor, input: FailuresQuery): Promise<Download> {
  assertMayReadUsage(actor)
  const most = getRuntime().config.limits.usage_failure_rows
  const { items, more } = await readReasons(actor, input, input.limit ?? most)
  return rowsDownload(actor, {
    name: 'failures',
    format: input.format,
    columns: COLUMNS,
    rows: items,
    cut:
      input.limit === undefined && more
        ? `These are the ${items.length} most frequent reasons; there are more (limits.usage_failure_rows)`
        : undefined,
    told: (text) => ({ code: 'export.limit', asked: text }),
  })
}
