import { z } from 'zod'
import { PageQuery, pageOf } from '../page.ts'
import { storedText } from '../prompts/content/content.ts'
import { Author } from '../prompts/schema.ts'
import {
  AUTHORIZATION_HEADER,
  SECRET_OVERLAP_HOURS,
  WEBHOOK_EVENTS,
  WEBHOOK_FORMS,
  WEBHOOK_NAME_LENGTH,
  WEBHOOK_URL_LENGTH,
} from './rules.ts'

export const WebhookPath = z.strictObject({ id: z.uuid().describe('Id of the webhook') })

const Name = storedText(WEBHOOK_NAME_LENGTH).trim().min(1).describe('What people call it')
const Url = z
  .url({ protocol: /^https?$/ })
  .max(WEBHOOK_URL_LENGTH)
  .describe('Where it is sent to, by https; private hosts need `webhooks.allowed_hosts`')
const Events = z
  .array(z.enum(WEBHOOK_EVENTS))
  .max(WEBHOOK_EVENTS.length)
  .describe('What it is told. Alert rules that name it tell it of themselves besides')

const Form = z
  .enum(WEBHOOK_FORMS)
  .describe(
    'incipit: the event as it is; github: as a repository_dispatch; gitlab: as a pipeline trigger. incipit by default',
  )

/** A header Authorization that somebody asks for. It is sealed, and never answered. */
export const AuthorizationHeader = z
  .string()
  .max(AUTHORIZATION_HEADER.most)
  .regex(AUTHORIZATION_HEADER.form, 'Printable ASCII, without spaces around it')
  .nullable()
const Authorization = AuthorizationHeader.describe(
  'The header Authorization that the receiver asks for, "Bearer …"; with the form gitlab the trigger token. It is never answered; null removes it',
)

export const CreateWebhookInput = z.strictObject({
  name: Name,
  url: Url,
  events: Events,
  form: Form.optional(),
  authorization: Authorization.optional(),
  enabled: z.boolean().optional().describe('true by default'),
})
export type CreateWebhookInput = z.infer<typeof CreateWebhookInput>

export const PatchWebhookInput = z.strictObject({
  name: Name.optional(),
  url: Url.optional(),
  events: Events.optional(),
  form: Form.optional(),
  authorization: Authorization.optional(),
  enabled: z.boolean().optional(),
})
export type PatchWebhookInput = z.infer<typeof PatchWebhookInput>

export const RotateSecretInput = z.strictObject({
  overlap_hours: z
    .number()
    .int()
    .min(0)
    .max(SECRET_OVERLAP_HOURS.most)
    .optional()
    .describe(`Hours in which the secret before signs as well; ${SECRET_OVERLAP_HOURS.usual} by default`),
})
export type RotateSecretInput = z.infer<typeof RotateSecretInput>

export const Webhook = z.object({
  id: z.uuid(),
  name: z.string(),
  url: z.string(),
  events: z.array(z.string()),
  form: z.enum(WEBHOOK_FORMS),
  has_authorization: z.boolean(),
  enabled: z.boolean(),
  disabled_reason: z.string().nullable().describe('Why it was switched off by itself'),
  failing_since: z.iso.datetime().nullable().describe('The first failure after its last success'),
  waiting: z.number().int().describe('Deliveries that are yet to arrive'),
  previous_secret_until: z.iso.datetime().nullable().describe('Until then the secret before signs as well'),
  created_by: Author,
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
  etag: z.string(),
})
export type Webhook = z.infer<typeof Webhook>

export const NewWebhook = Webhook.extend({
  secret: z.string().describe('What signs, "whsec_…". It is answered this once'),
})
export type NewWebhook = z.infer<typeof NewWebhook>

export const WebhookPage = pageOf(Webhook)
export type WebhookPage = z.infer<typeof WebhookPage>

const DELIVERY_STATES = ['waiting', 'delivered', 'given_up'] as const

export const ListDeliveriesQuery = z.strictObject({
  state: z.enum(DELIVERY_STATES).optional().describe('Only those'),
  ...PageQuery.shape,
})
export type ListDeliveriesQuery = z.infer<typeof ListDeliveriesQuery>

export const Delivery = z.object({
  id: z.uuid(),
  event_id: z.uuid().describe('The header webhook-id; the same when it is sent again'),
  type: z.string(),
  body: z.string().describe('What is sent'),
  state: z.enum(DELIVERY_STATES),
  tries: z.number().int(),
  status: z.number().int().nullable().describe('Status of the last answer'),
  duration_ms: z.number().int().nullable(),
  answer: z.string().nullable().describe('How the last answer began'),
  error: z.string().nullable().describe('Why the last try failed'),
  tried_at: z.iso.datetime().nullable(),
  next_at: z.iso.datetime().nullable().describe('When it is tried again'),
  redelivery_of: z.uuid().nullable(),
  created_at: z.iso.datetime(),
})
export type Delivery = z.infer<typeof Delivery>

export const DeliveryPage = pageOf(Delivery)
export type DeliveryPage = z.infer<typeof DeliveryPage>

export const DeliveryPath = z.strictObject({
  id: z.uuid().describe('Id of the webhook'),
  delivery: z.uuid().describe('Id of the delivery'),
})
