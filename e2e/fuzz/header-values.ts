import fc from 'fast-check'
import type { Parameter } from './plan.ts'
import { Known } from './schema-values.ts'
import { EDGE_TEXTS } from './texts.ts'

/** Headers may hold the characters of Latin 1, which is all that an HTTP client can send. */
export const headerText = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.string({ unit: fc.integer({ min: 0x20, max: 0xff }).map(latin), maxLength: 300 }),
  },
  { weight: 2, arbitrary: fc.constantFrom(...EDGE_TEXTS) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', '"', 'W/"a-1"', '*', '"a", "b"', 'x'.repeat(5000), '\u00e9', ',;='),
  },
)

function latin(code: number): string {
  return code === 0x7f ? '~' : String.fromCharCode(code)
}

/** Headers that the app, Next or Node reads. */
export const ODD_HEADERS = [
  'User-Agent',
  'X-Request-Id',
  'Idempotency-Key',
  'If-Match',
  'If-None-Match',
  'Last-Event-ID',
  'Incipit-Revision',
  'Incipit-Surface',
  'Accept',
  'Accept-Encoding',
  'Accept-Language',
  'Authorization',
  'Cookie',
  'Content-Encoding',
  'Content-Type',
  'Origin',
  'Host',
  'Range',
  'Sec-Fetch-Site',
  'Access-Control-Request-Method',
  'X-Forwarded-For',
]

/** Headers of a request: those that its operation names, and now and then others. */
export function headersOf(parameters: Parameter[], isRead: boolean): fc.Arbitrary<Record<string, unknown>> {
  const names = new Set(parameters.filter((each) => each.in === 'header').map(({ name }) => name))
  const etag = fc.oneof(
    { weight: 6, arbitrary: fc.constant<unknown>(new Known('etag', 0)) },
    { weight: 1, arbitrary: fc.constantFrom<unknown>('"00000000-1"', '*', 'W/"00000000-1"') },
    { weight: 1, arbitrary: headerText },
  )
  const usual: Record<string, fc.Arbitrary<unknown>> = {}
  if (names.has('If-Match')) usual['If-Match'] = etag
  if (names.has('If-None-Match')) usual['If-None-Match'] = etag
  if (names.has('Idempotency-Key'))
    usual['Idempotency-Key'] = fc.constantFrom('k1', 'k2', 'k3', 'x'.repeat(255))
  const rare = isRead ? { maxLength: 1 } : { maxLength: 2 }
  const odd = fc.oneof(
    { weight: 3, arbitrary: fc.constant<[string, string][]>([]) },
    { weight: 1, arbitrary: fc.array(fc.tuple(fc.constantFrom(...ODD_HEADERS), headerText), rare) },
  )
  return fc
    .tuple(fc.record(usual, { requiredKeys: names.has('If-Match') ? ['If-Match'] : [] }), odd)
    .map(([own, more]) => ({ ...own, ...Object.fromEntries(more) }))
}
