import { addAskedGauges } from '../metrics.ts'
import { getRuntime } from '../runtime.ts'

/** Of all workspaces. A key that nobody has used for a week may well end. */
const EXPIRING = `SELECT count(*)::integer AS incipit_keys_expiring FROM api_key
  WHERE expires_at BETWEEN now() AND now() + make_interval(days => $1) AND last_used_at > now() - interval '7 days'`

/** Adds to /metrics how many keys that are in use expire soon. Every instance tells the same. */
export function addKeyMetrics(): void {
  const values = [getRuntime().config.security.key_notice_days]
  addAskedGauges(
    { name: 'keys.expiring', text: EXPIRING, values },
    {
      incipit_keys_expiring:
        'API keys that were used within a week and expire within security.key_notice_days',
    },
  )
}
