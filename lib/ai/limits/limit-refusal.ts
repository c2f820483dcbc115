import type { Tx } from '../../db/client.ts'
import { type AppError, appError } from '../../errors.ts'
import { endOfWindow, type WantedWindow } from './spending.ts'

/** A limit that has no room for what was asked. */
interface HitLimit {
  code: 'rate_limited' | 'quota_exceeded'
  limit: string
  allowed: number
  used: number
  asked: number
  resetsAt: Date
}

interface Used {
  subject: string
  period: string
  requests: number
  tokens: number
  cost: number
}

/**
 * The error for a reservation that did not fit into all of its windows: which limit, how much is left, when it
 * begins anew. Of several it names the one that lasts longest.
 */
export async function limitRefusal(
  tx: Tx,
  workspaceId: string,
  at: Date,
  wanted: readonly WantedWindow[],
  configuration: string | undefined,
): Promise<AppError> {
  const used = await tx.$queryRaw<Used[]>`
    SELECT s.subject, s.period, s.requests::float8 AS requests, s.tokens::float8 AS tokens, s.cost::float8 AS cost
    FROM ai_spending s JOIN json_to_recordset(${JSON.stringify(wanted)}::json) AS w (subject text, period text)
      ON w.subject = s.subject AND w.period = s.period
    WHERE s.workspace_id = ${workspaceId}::uuid AND s.starts_at = date_trunc(s.period, ${at}::timestamptz, 'UTC')`
  const hits = wanted.flatMap((window) => hitLimits(window, usedOf(used, window), at))
  const hit = hits.toSorted((a, b) => b.resetsAt.getTime() - a.resetsAt.getTime())[0]
  if (hit === undefined) return appError('rate_limited', 'A limit has no room left.', { retryAfter: 1 })
  const seconds = Math.max(1, Math.ceil((hit.resetsAt.getTime() - at.getTime()) / 1000))
  return appError(hit.code, message(hit, configuration), {
    retryAfter: seconds,
    extra: {
      ...(hit.limit === CALLER_LIMIT || configuration === undefined ? {} : { configuration }),
      limit: hit.limit,
      allowed: hit.allowed,
      used: hit.used,
      asked: hit.asked,
      resets_at: hit.resetsAt.toISOString(),
    },
  })
}

const CALLER_LIMIT = 'limits.generations_per_minute'

function usedOf(rows: readonly Used[], { subject, period }: WantedWindow): Omit<Used, 'subject' | 'period'> {
  const found = rows.find((row) => row.subject === subject && row.period === period)
  return found ?? { requests: 0, tokens: 0, cost: 0 }
}

function hitLimits(window: WantedWindow, used: Omit<Used, 'subject' | 'period'>, at: Date): HitLimit[] {
  const resetsAt = endOfWindow(window.period, at)
  const isMonth = window.period === 'month'
  const code = isMonth ? ('quota_exceeded' as const) : ('rate_limited' as const)
  const requests = window.subject.startsWith('caller:') ? CALLER_LIMIT : 'requests_per_minute'
  const kinds = [
    { limit: requests, allowed: window.max_requests, used: used.requests, asked: window.requests },
    {
      limit: isMonth ? 'monthly_token_quota' : 'tokens_per_minute',
      allowed: window.max_tokens,
      used: used.tokens,
      asked: window.tokens,
    },
    {
      limit: 'monthly_cost_quota',
      allowed: window.max_cost === null ? null : Number(window.max_cost),
      used: used.cost,
      asked: Number(window.cost),
    },
  ]
  return kinds.flatMap(({ allowed, ...kind }) =>
    allowed !== null && kind.used + kind.asked > allowed ? [{ ...kind, allowed, code, resetsAt }] : [],
  )
}

function message(hit: HitLimit, configuration: string | undefined): string {
  const until = `${hit.resetsAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`
  if (hit.limit === CALLER_LIMIT)
    return `You may ask for ${hit.allowed} generations in a minute (${hit.limit}); ${hit.used} are used. It begins anew at ${until}.`
  const whose = `The AI configuration "${configuration ?? ''}"`
  const unit = hit.limit === 'monthly_cost_quota' ? ' dollars' : ''
  const terms = `${hit.limit} of ${number(hit.allowed)}${unit}`
  if (hit.asked > hit.allowed)
    return `${whose} has a ${terms}, and this alone may take ${number(hit.asked)}. Lower max_tokens, shorten the prompt or raise the limit.`
  return `${whose} has used ${number(hit.used)} of its ${terms}, and this may take ${number(hit.asked)} more. It begins anew at ${until}.`
}

function number(value: number): string {
  return String(Number(value.toFixed(6)))
}
