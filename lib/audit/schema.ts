import { z } from 'zod'
import { FileQuery, PageQuery, pageOf } from '../page.ts'
import { Moment } from '../time.ts'

export const AuditQuery = z.strictObject({
  actor: z
    .uuid()
    .optional()
    .describe('Id of the one who did it: a person, a key, a client, or the app itself'),
  on_behalf_of: z.uuid().optional().describe('Id of the person behind the key or client that did it'),
  key: z.uuid().optional().describe('Id of the API key that it was done with'),
  client: z.string().min(1).max(2048).optional().describe('Id of the OAuth client that it was done by'),
  action: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe('What was done, for example "prompt.create"; all of a kind with a dot at its end: "session."'),
  kind: z.string().min(1).max(100).optional().describe('Kind of what it was done to, for example "actor"'),
  target: z.string().min(1).max(100).optional().describe('Name or id of what it was done to'),
  address: z.string().min(1).max(100).optional().describe('Network address that the request came from'),
  from: Moment.optional().describe('From this time on'),
  to: Moment.optional().describe('Before this time'),
  ...FileQuery,
  ...PageQuery.shape,
})
export type AuditQuery = z.infer<typeof AuditQuery>

const AuditActor = z.object({
  id: z.string(),
  kind: z.string(),
  display: z.string().describe('The present name; that of an erased person says so'),
})

/** One recorded change. */
export const AuditEvent = z.object({
  id: z.string(),
  revision: z.number().int().describe('Revision of the workspace that the change made'),
  occurred_at: z.iso.datetime(),
  actor: AuditActor,
  on_behalf_of: AuditActor.nullable().describe('The person behind a key or client'),
  key: z.string().nullable().describe('Id of the API key'),
  client: z.string().nullable().describe('Id of the OAuth client'),
  address: z.string().nullable().describe('Network address that the request came from'),
  surface: z.string().nullable().describe('"browser", "rest" or "mcp"'),
  action: z.string(),
  target: z.object({
    kind: z.string(),
    id: z.string(),
    name: z
      .string()
      .describe(
        'Its name at that time; of an actor the present one, of an invitation its e-mail as long as it is kept',
      ),
  }),
  before: z.record(z.string(), z.unknown()).nullable(),
  after: z.record(z.string(), z.unknown()).nullable(),
  request_id: z.string().nullable(),
})
export type AuditEvent = z.infer<typeof AuditEvent>

export const AuditPage = pageOf(AuditEvent)
export type AuditPage = z.infer<typeof AuditPage>
