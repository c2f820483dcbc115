import { z } from 'zod'
import { count, milliseconds } from './numbers.ts'

/** The section imports. */
export const Imports = z.strictObject({
  allowed_hosts: z
    .array(z.string().min(1).max(255))
    .default([])
    .describe('Private hosts (name, address or range such as 10.0.0.0/8) that prompts may be fetched from'),
})

/** Keys of the section limits that are about imports by address. */
export const SOURCE_LIMITS = {
  import_source_ms: milliseconds(15_000).describe(
    'Time for one answer of an address that prompts are fetched from',
  ),
  import_source_at_once: count(4, 100).describe('Requests to such an address at the same time'),
  import_kept_bytes: z
    .int()
    .min(0)
    .max(1_073_741_824)
    .default(67_108_864)
    .describe(
      'Memory of one instance for files that were looked at by a dry run, so that they need not be sent again; 0: none',
    ),
  import_kept_ms: milliseconds(600_000).describe('How long they are kept after they were last asked for'),
  import_source_tries: count(4, 20).describe(
    'Tries of a request that it answers with 429 or an error of its own; it is waited for as long as it asks, within `import_ms`',
  ),
}
