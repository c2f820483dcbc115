import type { Actor } from '../../access/actor.ts'
import { appError } from '../../errors.ts'
import type { AuditPage, AuditQuery } from '../schema.ts'

/** What was changed by whom. */
export async function listAudit(_actor: Actor, _input: AuditQuery): Promise<AuditPage> {
  throw appError('internal', 'listAudit is being built.')
}
