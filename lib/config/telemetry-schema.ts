import { z } from 'zod'
import { count } from './numbers.ts'

/** The address of an error tracker: `https://<public key>@<host>/<project>`. */
const DSN = /^https?:\/\/[\w-]+(?::[\w-]+)?@[\w.[\]:-]+(?:\/[\w.~/-]*)?\/\d+$/

/** What is told about this instance to others, besides the standard OTEL_ variables. */
export const Telemetry = z.strictObject({
  sentry_dsn: z
    .string()
    .regex(DSN, 'expected a DSN such as https://key@sentry.example.org/1')
    .optional()
    .meta({ description: 'Error tracker that speaks Sentry’s protocol', absent: 'none' }),
  environment: z
    .string()
    .regex(/^[^\s/]{1,64}$/, 'expected one word of at most 64 characters')
    .default('production')
    .describe('Name of this environment in traces, logs and reports of errors'),
  release: z
    .string()
    .regex(/^[^\n\t/\\]{1,200}$/)
    .optional()
    .meta({ description: 'Release in reports of errors', absent: '`incipit@` and the version' }),
  error_sample_rate: z.number().min(0).max(1).default(1).describe('Part of all errors that is reported'),
  errors_per_minute: count(60, 10_000).describe(
    'Most errors that one instance reports in a minute; others are counted',
  ),
  error_queue: count(100, 10_000).describe('Reports that may wait to be sent; others are counted'),
  queue: count(4096, 1_000_000).describe(
    'Spans, and lines of the log, that may wait to be sent; others are counted',
  ),
})
