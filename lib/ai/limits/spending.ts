/**
 * What limits are counted by, a row of `ai_spending` for each subject and window. Minutes bound the rate,
 * months (UTC) the quota.
 */
export type Period = 'minute' | 'month'

/** The limits of a configuration; null: none. */
export interface SpendingLimits {
  readonly requests_per_minute: number | null
  readonly tokens_per_minute: number | null
  readonly monthly_token_quota: number | null
  /** US dollars. */
  readonly monthly_cost_quota: number | null
}

/** A configuration as limits see it. */
export interface LimitedConfiguration extends SpendingLimits {
  readonly id: string
  readonly name: string
}

/** What was set aside; an attempt keeps it until it is settled. */
export interface Reservation {
  readonly workspaceId: string
  readonly configurationId: string
  /** Decides in which windows it stands; in milliseconds, by the clock of the database. */
  readonly reservedAt: Date
  readonly requests: number
  readonly tokens: number
  /** US dollars. */
  readonly cost: number
}

/** One window that a reservation takes from, with what it may hold at most. */
export interface WantedWindow {
  subject: string
  period: Period
  requests: number
  tokens: number
  cost: string
  max_requests: number | null
  max_tokens: number | null
  max_cost: string | null
}

export function configurationSubject(id: string): string {
  return `configuration:${id}`
}

export function callerSubject(id: string): string {
  return `caller:${id}`
}

/** Dollars as the database counts them: the same digits when they are given back. */
export function exactCost(dollars: number): string {
  return dollars.toFixed(10)
}

/** When the window that holds a time ends. */
export function endOfWindow(period: Period, at: Date): Date {
  if (period === 'minute') return new Date((Math.floor(at.getTime() / 60_000) + 1) * 60_000)
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1))
}
