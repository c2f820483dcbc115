import { getRuntime } from '../../runtime.ts'

/** A call that was reserved a day ago has long been settled. */
const MINUTES_KEPT = '1 day'
const AT_ONCE = 10_000

/**
 * Deletes the windows that nobody asks about any more: minutes after a day, months with the generations
 * that were made in them. The month that runs always stays. Some of them in one round of the upkeep.
 * @returns how many
 */
export async function deleteOldSpending(): Promise<number> {
  const { database, config } = getRuntime()
  const days = config.limits.generation_retention_days
  // Windows that somebody is just settling are left for the next time: nobody waits for anybody.
  return database.primary.prisma.$executeRaw`
    DELETE FROM ai_spending s USING (
      SELECT workspace_id, subject, period, starts_at FROM ai_spending
      WHERE (period = 'minute' AND starts_at < now() - ${MINUTES_KEPT}::interval)
        OR (period = 'month' AND starts_at < date_trunc('month', now(), 'UTC')
          AND starts_at < now() - make_interval(days => ${days}::integer))
      LIMIT ${AT_ONCE} FOR UPDATE SKIP LOCKED
    ) old
    WHERE s.workspace_id = old.workspace_id AND s.subject = old.subject AND s.period = old.period
      AND s.starts_at = old.starts_at`
}
