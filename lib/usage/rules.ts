/** Why a use fails, told to people who read statistics: coarser than the errors of an answer, and the same for each door. */
export const REASON_CODES = [
  'missing',
  'wrong',
  'unknown',
  'not_found',
  'template',
  'limit',
  'invalid',
  'denied',
  'conflict',
  'provider',
  'unavailable',
  'internal',
] as const

/** Rows of each ranking in one answer, at most. */
export const RANKING_ROWS_MAX = 200

/** What spending is split by. */
export const DIMENSIONS = [
  'prompt',
  'version',
  'label',
  'configuration',
  'model',
  'category',
  'client',
  'actor',
] as const
export type Dimension = (typeof DIMENSIONS)[number]

/**
 * Names of three letters that the tz database has. PostgreSQL takes some of them for abbreviations without summer time,
 * and others (IST, BST) mean one thing to it and another one to JavaScript.
 */
const SHORT_ZONES: Readonly<Record<string, string>> = {
  CET: 'Europe/Brussels',
  EET: 'Europe/Athens',
  EST: 'America/Panama',
  GMT: 'UTC',
  HST: 'Pacific/Honolulu',
  MET: 'Europe/Brussels',
  MST: 'America/Phoenix',
  PRC: 'Asia/Shanghai',
  ROC: 'Asia/Taipei',
  ROK: 'Asia/Seoul',
  UCT: 'UTC',
  UTC: 'UTC',
  WET: 'Europe/Lisbon',
}

/**
 * The time zone of a name, as the database and JavaScript both understand it; undefined: there is none. Names alone: an
 * offset such as +02:00 means the opposite to the database.
 */
export function zoneOf(name: string): string | undefined {
  if (/^[A-Za-z]{3}$/.test(name)) return SHORT_ZONES[name.toUpperCase()]
  try {
    return /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }) ? name : undefined
  } catch {
    return undefined
  }
}
