import { z } from 'zod'

export const Health = z.object({
  status: z.enum(['healthy', 'starting', 'degraded', 'draining']),
  service: z.string(),
  version: z.string(),
  uptime_seconds: z.number().int(),
  database: z.enum(['up', 'down']),
  background_work: z
    .enum(['up', 'silent'])
    .describe('silent: no Inngest server calls the functions, so generations stay queued'),
})
export type Health = z.infer<typeof Health>

export const Liveness = z.object({ status: z.literal('alive') })
export type Liveness = z.infer<typeof Liveness>

export const Readiness = z.object({
  status: z.enum(['ready', 'not_ready']),
  checks: z
    .object({
      start: z.string().describe('"done", or the step of the start that is under way'),
      database: z.enum(['up', 'down']),
      change_feed: z.enum(['listening', 'away']),
      disk: z.enum(['ok', 'full']).describe('"full": a write found no room on the disk, or the disk failed'),
      changes: z.enum(['ok', 'read_only']).describe('"read_only": the database is a standby, or fenced off'),
      connections: z
        .enum(['ok', 'used_up'])
        .describe('"used_up": a request lately found no connection; the instance still counts as ready'),
      locks: z
        .enum(['ok', 'held'])
        .describe('"held": a change lately waited too long for another; the instance still counts as ready'),
    })
    .optional()
    .describe('With accounts only with `?verbose`, for whoever has settings:write'),
})
export type Readiness = z.infer<typeof Readiness>
