import { z } from 'zod'
import { count } from './numbers.ts'

/** What is logged, and how. */
export const Logging = z.strictObject({
  level: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('What is logged: this level and those after it'),
  format: z
    .enum(['auto', 'json', 'pretty'])
    .default('auto')
    .describe('auto: readable in a terminal, else JSON'),
  hot_reads: z
    .number()
    .int()
    .min(0)
    .max(1_000_000)
    .default(100)
    .describe(
      'Of the reads that agents and monitors repeat all day (renders, lists and gets over MCP, probes), one in so many has a line in the log; 0: none. Those that are refused or fail always have one, but for probes that say no',
    ),
  refused_values: z
    .boolean()
    .default(false)
    .describe(
      'Keep the values of refused renders with their uses, cut and without secrets, for those who may read usage. They are never in the log',
    ),
  refused_value_length: count(200, 10_000).describe('Most characters that are kept of such a value'),
})
