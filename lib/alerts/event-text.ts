import type { KindName, OwnKind } from './rules.ts'
import type { Condition } from './schema.ts'

const HOUR_MS = 3_600_000
const DAY_HOURS = 24

/** What is kept of an event for people. All of it is of the time at which it fired. */
export interface EventDetail {
  /** What the rule was narrowed to, by name. */
  scope?: Partial<Record<'prompt' | 'category' | 'label' | 'client' | 'configuration', string>>
  window_hours?: number
  days?: number
  per?: string
  uses?: number
  failed?: number
  usual?: number
  prompts?: string[]
  /** Of a label that moved. */
  prompt?: string
  label?: string
  from_version?: number | null
  to_version?: number | null
  actor_id?: string
  /** What that actor is called; it is not kept. */
  actor?: string | null
  /** Why the app did something by itself. */
  reason?: string
}

export interface Told {
  kind: KindName | OwnKind
  rule_name: string
  value: number | null
  threshold: number | null
  detail: EventDetail
}

/** Parts of a condition that its events keep. */
export function detailOf(condition: Condition): EventDetail {
  const { prompt, category, label, client, configuration }: NonNullable<EventDetail['scope']> = condition
  const named = { prompt, category, label, client, configuration }
  const scope = Object.fromEntries(Object.entries(named).filter(([, name]) => name !== undefined))
  return {
    ...(Object.keys(scope).length > 0 && { scope }),
    ...('window_hours' in condition && { window_hours: condition.window_hours }),
    ...('days' in condition && { days: condition.days }),
    ...('per' in condition && { per: condition.per }),
  }
}

/** One sentence that says what fired. */
export function summaryOf({ kind, rule_name, value, threshold, detail }: Told): string {
  const where = scopeText(detail)
  const hours = detail.window_hours === 1 ? 'an hour' : `${detail.window_hours ?? 1} hours`
  switch (kind) {
    case 'error_rate':
      return `${percent(value)} of ${number(detail.uses)} uses${where} failed within ${hours} (from ${percent(threshold)} on).`
    case 'latency':
      return `95 % of ${number(detail.uses)} uses${where} took up to ${number(value)} ms within ${hours} (from ${number(threshold)} ms on).`
    case 'cost':
      return `Generations${where} cost ${dollars(value)} within ${hours} (from ${dollars(threshold)} on).`
    case 'quota':
      return `${percent(value)} of the monthly quota${where} is used (from ${percent(threshold)} on).`
    case 'unused':
      return unusedText(value, detail, where)
    case 'busy':
      return `${number(detail.uses)} uses${where} this ${detail.per ?? 'hour'}: ${number(value)} times the usual ${number(detail.usual)}.`
    case 'label_moved':
      return moveText(detail)
    case 'webhook_off':
      return `The webhook “${rule_name}” was switched off. ${detail.reason ?? ''}`.trim()
    case 'repository_failed':
      return `The prompts of the repository “${rule_name}” do not come in. ${detail.reason ?? ''}`.trim()
  }
}

function unusedText(value: number | null, { days, prompts = [], scope }: EventDetail, where: string): string {
  if (scope?.prompt !== undefined) return `${scope.prompt} has not been used for ${days} days.`
  const names = prompts.slice(0, 3).join(', ')
  const [count, verb] = value === 1 ? ['One prompt', 'has'] : [`${number(value)} prompts`, 'have']
  return `${count}${where} ${verb} not been used for ${days} days: ${names}${(value ?? 0) > 3 ? ' …' : '.'}`
}

function moveText({ prompt, label, from_version: from, to_version: to, actor }: EventDetail): string {
  const by = actor === undefined || actor === null ? '' : `, by ${actor}`
  if (to === null || to === undefined)
    return `${label} was removed from ${prompt}; it named version ${from}${by}.`
  if (from === null || from === undefined) return `${label} of ${prompt} was set to version ${to}${by}.`
  return `${label} of ${prompt} moved from version ${from} to ${to}${by}.`
}

function scopeText({ scope = {} }: EventDetail): string {
  const { prompt, category, label, client, configuration } = scope
  return [
    prompt === undefined ? '' : ` of ${prompt}`,
    category === undefined ? '' : ` in ${category}`,
    label === undefined ? '' : ` at ${label}`,
    client === undefined ? '' : ` by ${client === '' ? 'clients without a name' : client}`,
    configuration === undefined ? '' : ` of ${configuration}`,
  ].join('')
}

/**
 * The page that shows what fired, as a path: of uses and generations, the hours that were judged.
 * @param event.window_start first hour that was judged; left out where that is not known
 */
export function hrefOf({
  kind,
  detail,
  window_start: start,
}: Pick<Told, 'kind' | 'detail'> & { window_start?: string }): string {
  const { prompt, client, label, configuration } = detail.scope ?? {}
  const judged = start === undefined ? {} : hoursOf(Date.parse(start), kind, detail)
  switch (kind) {
    case 'label_moved':
      return `/prompts/${detail.prompt}/versions`
    case 'webhook_off':
      return '/settings/webhooks'
    case 'repository_failed':
      return '/settings/repositories'
    case 'cost':
    case 'quota':
      return withQuery('/generations', { prompt, label, configuration, ...judged })
    default: {
      const range = kind === 'unused' ? undefined : '7d'
      const page = prompt === undefined ? '/usage' : `/prompts/${prompt}/usage`
      const place = kind === 'unused' && prompt === undefined ? '#unused-heading' : ''
      return withQuery(page, { range, ...judged, client }) + place
    }
  }
}

/** The hours that were judged, as the address of a page has them; none where they are not known. */
function hoursOf(
  start: number,
  kind: Told['kind'],
  { window_hours, days, per }: EventDetail,
): { from?: string; to?: string } {
  const perHours = per === undefined ? undefined : per === 'day' ? DAY_HOURS : 1
  const count = window_hours ?? perHours ?? (days === undefined ? undefined : days * DAY_HOURS + 1)
  const date = new Date(start)
  const end =
    kind === 'quota'
      ? Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1)
      : count && start + count * HOUR_MS
  if (end === undefined) return {}
  const text = (time: number) => `${new Date(time).toISOString().slice(0, 13)}:00Z`
  return { from: text(start), to: text(end) }
}

function withQuery(path: string, query: Record<string, string | undefined>): string {
  const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined)
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`
}

function number(value: number | null | undefined): string {
  if (value === null || value === undefined) return 'some'
  const digits = value >= 100 || Number.isInteger(value) ? 0 : value >= 10 ? 1 : 2
  return value.toLocaleString('en', { maximumFractionDigits: digits })
}

function percent(share: number | null): string {
  return share === null ? 'some' : `${(share * 100).toLocaleString('en', { maximumFractionDigits: 1 })} %`
}

function dollars(value: number | null): string {
  if (value === null) return 'some'
  return `$${value.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: value < 0.1 ? 6 : 2 })}`
}
