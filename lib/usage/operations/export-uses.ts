import type { Actor } from '../../access/actor.ts'
import { assertWholeFile } from '../../access/held-download.ts'
import { type CsvColumns, listDownload } from '../../access/list-download.ts'
import type { Download } from '../../download.ts'
import { appError } from '../../errors.ts'
import { getRuntime } from '../../runtime.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMayReadUsage } from '../policy.ts'
import { usesReading } from '../read-uses.ts'
import type { Use, UsesQuery } from '../use-schema.ts'

const COLUMNS: CsvColumns<Use> = [
  ['id', ({ id }) => id],
  ['occurred_at', (use) => use.occurred_at],
  ['operation', (use) => use.operation],
  ['tool', ({ tool }) => tool],
  ['prompt', ({ prompt }) => prompt],
  ['version', ({ version }) => version],
  ['label', ({ label }) => label],
  ['asked', ({ asked }) => asked],
  ['surface', ({ surface }) => surface],
  ['client', ({ client }) => client],
  ['client_version', (use) => use.client_version],
  ['actor_id', ({ actor }) => actor.id],
  ['actor_kind', ({ actor }) => actor.kind],
  ['actor', ({ actor }) => actor.display],
  ['outcome', ({ outcome }) => outcome],
  ['reasons', ({ reasons }) => reasons.map(reasonText).join(' ') || null],
  ['variables', ({ variables }) => variables?.join(' ') ?? null],
  ['values', ({ values }) => values && JSON.stringify(values)],
  ['duration_ms', (use) => use.duration_ms],
  ['request_id', (use) => use.request_id],
]

function reasonText({ code, variable }: Use['reasons'][number]): string {
  return variable === null ? code : `${code}:${variable}`
}

/**
 * Single uses that the filters leave, newest first, as CSV or as a JSON text a line, sent while it is read. It ends at
 * `limits.usage_export_rows` with a line that says how to go on.
 * @throws invalid_input (as listUses; `limit` and `after`, which are for pages), not_found, forbidden, unavailable
 */
export const exportUses = operation('exportUses', run)

async function run(actor: Actor, input: UsesQuery): Promise<Download> {
  assertMayReadUsage(actor)
  assertWholeFile(input)
  if (input.after !== undefined)
    throw appError('invalid_input', '`after` is for pages: it follows what is written.', {
      details: [{ path: ['after'], code: 'not_for_files', message: 'is for pages' }],
    })
  return listDownload(actor, {
    name: 'uses',
    format: input.format,
    columns: COLUMNS,
    rowsOf: (items) => [items],
    ...usesReading(actor, input),
    most: getRuntime().config.limits.usage_export_rows,
    limit: 'limits.usage_export_rows',
    told: (text) => ({ operation: 'export.limit', asked: text }),
  })
}
