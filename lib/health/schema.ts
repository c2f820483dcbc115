import { z } from 'zod'
import { Checks, System } from './system-schema.ts'

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
  checks: Checks.optional().describe('With accounts only with `?verbose`, for whoever has settings:write'),
  system: System.optional().describe('With `?verbose`, for whoever has settings:write: as GET /api/system'),
})
export type Readiness = z.infer<typeof Readiness>
