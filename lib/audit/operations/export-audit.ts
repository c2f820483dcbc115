import type { Actor } from '../../access/actor.ts'
import { assertWholeFile } from '../../access/held-download.ts'
import { type CsvColumns, listDownload } from '../../access/list-download.ts'
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
 * What the filters leave of the audit log, newest first, as CSV or as a JSON text a line, sent while it is read: a part at a
 * time, so that its size does not matter. It ends at `limits.audit_export_rows` with a line that says how to go on, and
 * breaks off when the database goes away or the actor's rights end.
 * @throws invalid_input (cursor, `limit`, `from` not before `to`), forbidden, unavailable
 */
export const exportAudit = operation('exportAudit', run)

async function run(actor: Actor, input: AuditQuery): Promise<Download> {
  assertMayReadAudit(actor)
  assertWholeFile(input)
  return listDownload(actor, {
    name: 'audit',
    format: input.format,
    columns: COLUMNS,
    rowsOf: (items) => [items],
    ...auditReading(actor, input),
    most: getRuntime().config.limits.audit_export_rows,
    limit: 'limits.audit_export_rows',
    told: (text) => ({ action: 'export.limit', target: text }),
  })
}
