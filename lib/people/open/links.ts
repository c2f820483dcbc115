import { appError } from '../../errors.ts'
import { attemptFrom, type OpenKind } from '../auth/attempts.ts'
import type { AuthRequest } from '../auth/member.ts'

/**
 * Looks up what a link stands for. Wrong ones are counted by where they come from.
 * @throws rate_limited, not_found: one answer for whatever is no good any more
 */
export async function followLink<T>(
  kind: OpenKind,
  { context }: AuthRequest,
  look: () => Promise<T | undefined>,
): Promise<T> {
  const attempt = await attemptFrom(kind, context.address)
  let found: T | undefined
  let isKnown = false
  try {
    found = await look()
    isKnown = true
  } finally {
    if (found !== undefined || !isKnown) await attempt.forgive()
  }
  if (found === undefined) throw badLink()
  return found
}

/** The answer to an unknown, used, replaced or expired link. */
export function badLink() {
  return appError(
    'not_found',
    'This link is not valid: it was used, replaced or taken back, or its time is over.',
  )
}
