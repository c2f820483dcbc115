import { z } from 'zod'
import { PageQuery, pageOf } from '../page.ts'
import { Moment } from '../time.ts'

export const AuditQuery = z.strictObject({
  actor: z.uuid().optional().describe('Id of the one who did it'),
  action: z.string().min(1).max(100).optional().describe('What was done, for example "prompt.create"'),
  target: z.string().min(1).max(100).optional().describe('Name or id of what it was done to'),
  from: Moment.optional().describe('From this time on'),
  to: Moment.optional().describe('Before this time'),
  ...PageQuery.shape,
})
export type AuditQuery = z.infer<typeof AuditQuery>

/** One recorded change. */
export const AuditEvent = z.object({
  id: z.string(),
  revision: z.number().int().describe('Revision of the workspace that the change made'),
  occurred_at: z.iso.datetime(),
  actor: z.object({ id: z.string(), kind: z.string(), display: z.string() }),
  action: z.string(),
  target: z.object({ kind: z.string(), id: z.string(), name: z.string().describe('Its name at that time') }),
  before: z.record(z.string(), z.unknown()).nullable(),
  after: z.record(z.string(), z.unknown()).nullable(),
  request_id: z.string().nullable(),
})
export type AuditEvent = z.infer<typeof AuditEvent>

export const AuditPage = pageOf(AuditEvent)
export type AuditPage = z.infer<typeof AuditPage>
