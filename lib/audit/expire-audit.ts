import { systemActorIn } from '../access/identify.ts'
import { onPrimary } from '../db/read.ts'
import { getRuntime } from '../runtime.ts'

/** One statement deletes no more than this: it must not hold up the changes of others. */
const AT_ONCE = 20_000
/** Statements of one round. */
const PARTS = 20

/**
 * Deletes rows of the audit log that are older than `security.audit_retention_days`, in every workspace, some of them in
 * one round. The app's role cannot: a function of the owner does it, which spares the last 30 days whatever it is
 * told and leaves a row that says how many went. The older of both clocks counts, the app's and the database's.
 * @returns whether there may be more
 * @throws unavailable
 */
export async function expireAudit(now = new Date()): Promise<boolean> {
  const days = getRuntime().config.security.audit_retention_days
  if (days === 0) return false
  const { rows } = await onPrimary(({ pool }) => pool.query<{ id: string }>('SELECT id FROM workspace'))
  let isMore = false
  for (const { id } of rows) isMore = (await expireIn(id, days, now)) || isMore
  return isMore
}

async function expireIn(workspaceId: string, days: number, now: Date): Promise<boolean> {
  await systemActorIn(workspaceId)
  for (let part = 0; part < PARTS; part++) {
    const { rows } = await onPrimary(({ pool }) =>
      pool.query<{ deleted: number }>('SELECT expire_audit($1, $2, $3, $4) AS deleted', [
        workspaceId,
        days,
        now,
        AT_ONCE,
      ]),
    )
    if ((rows[0]?.deleted ?? 0) < AT_ONCE) return false
  }
  return true
}
