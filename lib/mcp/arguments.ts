import type { z } from 'zod'
import { issueDetails, schemaFault } from '../http/issues.ts'

/**
 * Checks a tool's arguments.
 * @throws invalid_input naming each wrong argument, so that a model can mend its call
 */
export function parseArguments<T extends z.ZodType>(schema: T, value: unknown): z.infer<T> {
  const parsed = schema.safeParse(value ?? {})
  if (parsed.success) return parsed.data
  throw schemaFault(issueDetails(parsed.error.issues, 'body'))
}
