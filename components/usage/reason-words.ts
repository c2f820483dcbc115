import type { ReasonCode } from '#lib/usage/use-schema.ts'

const WORDS: Record<ReasonCode, string> = {
  missing: 'is missing',
  wrong: 'does not fit',
  unknown: 'is no variable of the version',
  not_found: 'not found',
  template: 'cannot be rendered with these values',
  limit: 'past a limit',
  invalid: 'the request does not fit',
  denied: 'not allowed',
  conflict: 'changed meanwhile',
  provider: 'the model provider failed',
  unavailable: 'the database or a worker was away',
  internal: 'a fault of the app',
}

/** Names of reasons for a choice among them. */
export const REASON_NAMES: Record<ReasonCode, string> = {
  missing: 'Missing variable',
  wrong: 'Value that does not fit',
  unknown: 'Unknown variable',
  not_found: 'Not found',
  template: 'Template fails',
  limit: 'Limit',
  invalid: 'Wrong request',
  denied: 'Not allowed',
  conflict: 'Conflict',
  provider: 'Provider',
  unavailable: 'Unavailable',
  internal: 'Fault of the app',
}

/** `tone is missing`, `letter@staging not found`, `a variable is missing` */
export function reasonWords({
  code,
  variable,
  asked,
}: {
  code: ReasonCode
  variable: string | null
  asked?: string | null
}): string {
  const words = WORDS[code]
  if (code === 'missing' || code === 'wrong' || code === 'unknown')
    return `${variable ?? 'a variable'} ${words}`
  return asked === undefined || asked === null ? words : `${asked} ${words}`
}
