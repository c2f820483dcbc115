import type { Actor } from '../../access/actor.ts'
import { pageSize } from '../../page-size.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMayReadAudit } from '../policy.ts'
import { auditReading } from '../read-audit.ts'
import type { AuditPage, AuditQuery } from '../schema.ts'

/**
 * A page of the audit log, newest first.
 * @throws invalid_input (cursor, limit, `from` not before `to`), forbidden, unavailable
 */
export const listAudit = operation('listAudit', run)

async function run(actor: Actor, input: AuditQuery): Promise<AuditPage> {
  assertMayReadAudit(actor)
  const limit = pageSize(input.limit)
  const reading = auditReading(actor, input)
  const { items, next } = await reading.read(reading.after, limit)
  return { items, next_cursor: next === undefined ? null : reading.cursorOf(next) }
}
