import { z } from 'zod'

export const Health = z.object({
  status: z.enum(['healthy', 'starting', 'degraded', 'draining']),
  service: z.string(),
  version: z.string(),
  uptime_seconds: z.number().int(),
  database: z.enum(['up', 'down']),
})
export type Health = z.infer<typeof Health>

export const Liveness = z.object({ status: z.literal('alive') })
export type Liveness = z.infer<typeof Liveness>

export const Readiness = z.object({
  status: z.enum(['ready', 'not_ready']),
  checks: z.object({
    start: z.string().describe('"done", or the step of the start that is under way'),
    database: z.enum(['up', 'down']),
    change_feed: z.enum(['listening', 'away']),
  }),
})
export type Readiness = z.infer<typeof Readiness>
