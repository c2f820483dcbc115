import type { ErrorCode, ErrorDetail } from '../../errors.ts'
import { ENGINE_LIMIT, LIMIT_KEYS, WORK_LIMIT_KEYS } from '../../liquid/fault.ts'
import { isVariableName } from '../../liquid/name-rules.ts'
import { cutText, mendText } from '../../text.ts'
import type { Reason, ReasonCode } from '../use-schema.ts'

/** What each error of the catalogue is, where its details say nothing better. */
const BY_OUTCOME: Readonly<Record<ErrorCode, ReasonCode>> = {
  invalid_input: 'invalid',
  unprocessable: 'template',
  unauthenticated: 'denied',
  forbidden: 'denied',
  not_found: 'not_found',
  conflict: 'conflict',
  precondition_failed: 'conflict',
  precondition_required: 'invalid',
  method_not_allowed: 'invalid',
  unsupported_media_type: 'invalid',
  too_large: 'limit',
  rate_limited: 'limit',
  quota_exceeded: 'limit',
  upstream_failed: 'provider',
  unavailable: 'unavailable',
  overloaded: 'limit',
  storage_full: 'unavailable',
  read_only: 'unavailable',
  lock_timeout: 'unavailable',
  internal: 'internal',
}

const BY_DETAIL: ReadonlyMap<string, ReasonCode> = new Map<string, ReasonCode>([
  ['missing_variable', 'missing'],
  ['invalid_variable', 'wrong'],
  ['unknown_variable', 'unknown'],
  ['nul_character', 'wrong'],
  ['lone_surrogate', 'wrong'],
  ...[...LIMIT_KEYS.keys(), ...WORK_LIMIT_KEYS.keys(), ENGINE_LIMIT, 'memory_limit', 'too_large'].map(
    (code): [string, ReasonCode] => [code, 'limit'],
  ),
])

/** An error tells the first ones; a caller that mends these sees the others the next time. */
const REASONS_MAX = 20
const NAME_LENGTH_MAX = 64

/**
 * Why a use failed, each reason once: those of the error's details that say one, else what the error as a whole is.
 * @param details those of the error, with paths as the operation told them
 * @param admitsUnknown whether a name that the version does not declare may be kept
 */
export function reasonsOf(
  outcome: ErrorCode,
  details: readonly ErrorDetail[],
  admitsUnknown: (name: string) => boolean,
): Reason[] {
  const reasons = new Map<string, Reason>()
  for (const { code: detail, path } of details) {
    const code = BY_DETAIL.get(detail)
    if (code === undefined) continue
    const variable = variableIn(path, code, admitsUnknown)
    // A declared variable names itself; without one these codes would say nothing.
    if (variable === null && (code === 'missing' || code === 'wrong')) continue
    reasons.set(`${code} ${variable}`, { code, variable })
    if (reasons.size === REASONS_MAX) break
  }
  return reasons.size > 0 ? [...reasons.values()] : [{ code: BY_OUTCOME[outcome], variable: null }]
}

/** Names that no version declares are a caller's text: cut, mended, and kept as long as they are few. */
function variableIn(
  [first, name]: ErrorDetail['path'],
  code: ReasonCode,
  admitsUnknown: (name: string) => boolean,
): string | null {
  if (first !== 'variables' || typeof name !== 'string') return null
  if (code !== 'unknown') return isVariableName(name) ? name : null
  const kept = mendText(cutText(name, NAME_LENGTH_MAX))
  return admitsUnknown(kept) ? kept : null
}
