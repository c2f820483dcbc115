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
