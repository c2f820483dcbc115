import type { Actor } from '../../access/actor.ts'
import { assertNoLimit, assertRoomForDownload, heldDownload } from '../../access/held-download.ts'
import { csvLine } from '../../csv.ts'
import type { Download } from '../../download.ts'
import { getRuntime } from '../../runtime.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMayReadAudit } from '../policy.ts'
import { type AuditReading, type AuditSlice, auditReading } from '../read-audit.ts'
import type { AuditEvent, AuditQuery } from '../schema.ts'

/** Rows that are read and held at a time. */
const AT_ONCE = 1000

const COLUMNS: readonly [string, (event: AuditEvent) => string | number | null][] = [
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
 * What the filters leave of the audit log, newest first, as a CSV file that is sent while it is read: a part at a
 * time, so that its size does not matter. It ends at `limits.audit_export_rows` with a row that says how to go on, and
 * breaks off when the database goes away or the actor's rights end.
 * @throws invalid_input (cursor, `limit`, `from` not before `to`), forbidden, unavailable
 */
export const exportAudit = operation('exportAudit', run)

async function run(actor: Actor, input: AuditQuery): Promise<Download> {
  assertMayReadAudit(actor)
  assertNoLimit(input.limit)
  assertRoomForDownload(actor)
  const most = getRuntime().config.limits.audit_export_rows
  const reading = auditReading(actor, input)
  const first = await reading.read(reading.after, Math.min(AT_ONCE, most))
  return heldDownload(actor, {
    fileName: `audit-${new Date().toISOString().slice(0, 10)}.csv`,
    mediaType: 'text/csv; charset=utf-8; header=present',
    what: 'a CSV of the audit log',
    parts: csvParts(reading, first, most),
  })
}

async function* csvParts(reading: AuditReading, first: AuditSlice, most: number): AsyncGenerator<string> {
  yield csvLine(COLUMNS.map(([name]) => name))
  let slice = first
  let count = 0
  for (;;) {
    count += slice.items.length
    yield slice.items.map((event) => csvLine(COLUMNS.map(([, cell]) => cell(event)))).join('')
    const { next } = slice
    if (next === undefined) return
    if (count >= most) return yield limitLine(most, reading.cursorOf(next))
    slice = await reading.read(next, Math.min(AT_ONCE, most - count))
  }
}

function limitLine(most: number, cursor: string): string {
  const told = `This file ends after ${most} rows (limits.audit_export_rows). The older rows: the same request with cursor=${cursor}`
  const cells: Record<string, string> = { action: 'export.limit', target: told }
  return csvLine(COLUMNS.map(([name]) => cells[name] ?? null))
}
