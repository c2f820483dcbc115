import type { Actor } from '../../access/actor.ts'
import { assertNoLimit, type CsvColumns, csvDownload } from '../../csv-download.ts'
import type { Download } from '../../download.ts'
import { getRuntime } from '../../runtime.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMayReadAudit } from '../policy.ts'
import { auditReading } from '../read-audit.ts'
import type { AuditEvent, AuditQuery } from '../schema.ts'

const COLUMNS: CsvColumns<AuditEvent> = [
  ['id', ({ id }) => id],
  ['revision', ({ revision }) => revision],
  ['occurred_at', (event) => event.occurred_at],
  ['actor_id', ({ actor }) => actor.id],
  ['actor_kind', ({ actor }) => actor.kind],
  ['actor', ({ actor }) => actor.display],
  ['on_behalf_of_id', (event) => event.on_behalf_of?.id ?? null],
  ['on_behalf_of', (event) => event.on_behalf_of?.display ?? null],
  ['key', ({ key }) => key],
  ['client', ({ client }) => client],
  ['address', ({ address }) => address],
  ['surface', ({ surface }) => surface],
  ['action', ({ action }) => action],
  ['target_kind', ({ target }) => target.kind],
  ['target_id', ({ target }) => target.id],
  ['target', ({ target }) => target.name],
  ['before', ({ before }) => before && JSON.stringify(before)],
  ['after', ({ after }) => after && JSON.stringify(after)],
  ['request_id', (event) => event.request_id],
]

/**
 * What the filters leave of the audit log, newest first, as a CSV file that is sent while it is read. It ends at
 * `limits.audit_export_rows` with a row that says how to go on.
 * @throws invalid_input (cursor, `limit`, `from` not before `to`), forbidden, unavailable
 */
export const exportAudit = operation('exportAudit', run)

async function run(actor: Actor, input: AuditQuery): Promise<Download> {
  assertMayReadAudit(actor)
  assertNoLimit(input)
  const { after, read, cursorOf } = auditReading(actor, input)
  const most = getRuntime().config.limits.audit_export_rows
  return csvDownload(actor, {
    what: 'the audit log',
    name: 'audit',
    columns: COLUMNS,
    most,
    after,
    read,
    cutOff: (next) => ({
      action: 'export.limit',
      target: `This file ends after ${most} rows (limits.audit_export_rows). The older rows: the same request with cursor=${cursorOf(next)}`,
    }),
  })
}
