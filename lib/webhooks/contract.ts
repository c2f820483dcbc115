import { CHANGE_ONE, contract, DELETE_ONE, READ_ONE } from '../contract.ts'
import { PageQuery } from '../page.ts'
import {
  CreateWebhookInput,
  Delivery,
  DeliveryPage,
  DeliveryPath,
  ListDeliveriesQuery,
  NewWebhook,
  PatchWebhookInput,
  RotateSecretInput,
  Webhook,
  WebhookPage,
  WebhookPath,
} from './schema.ts'

const TAG = 'Webhooks'

export const listWebhooksContract = contract({
  id: 'listWebhooks',
  method: 'GET',
  path: '/api/webhooks',
  tag: TAG,
  summary: 'List webhooks',
  description: 'The newest first, without their secrets.',
  query: PageQuery,
  output: WebhookPage,
  status: 200,
  errors: ['forbidden'],
})

export const createWebhookContract = contract({
  id: 'createWebhook',
  method: 'POST',
  path: '/api/webhooks',
  tag: TAG,
  summary: 'Make a webhook',
  description: 'Its secret is answered this once. Addresses of private networks are refused.',
  body: CreateWebhookInput,
  output: NewWebhook,
  status: 201,
  errors: ['forbidden', 'unprocessable', 'too_large'],
  etag: true,
  location: ({ id }) => `/api/webhooks/${id}`,
})

export const getWebhookContract = contract({
  id: 'getWebhook',
  method: 'GET',
  path: '/api/webhooks/{id}',
  tag: TAG,
  summary: 'Read a webhook',
  params: WebhookPath,
  output: Webhook,
  ...READ_ONE,
})

export const patchWebhookContract = contract({
  id: 'patchWebhook',
  method: 'PATCH',
  path: '/api/webhooks/{id}',
  tag: TAG,
  summary: 'Change a webhook, or switch it on or off',
  params: WebhookPath,
  body: PatchWebhookInput,
  output: Webhook,
  ...CHANGE_ONE,
})

export const deleteWebhookContract = contract({
  id: 'deleteWebhook',
  method: 'DELETE',
  path: '/api/webhooks/{id}',
  tag: TAG,
  summary: 'Delete a webhook with its deliveries',
  params: WebhookPath,
  ...DELETE_ONE,
})

export const rotateWebhookSecretContract = contract({
  id: 'rotateWebhookSecret',
  method: 'POST',
  path: '/api/webhooks/{id}/rotate',
  tag: TAG,
  summary: 'Give a webhook a new secret',
  description: 'Both sign until the overlap is over.',
  params: WebhookPath,
  body: RotateSecretInput,
  output: NewWebhook,
  status: 200,
  errors: ['forbidden', 'not_found'],
  etag: true,
})

export const testWebhookContract = contract({
  id: 'testWebhook',
  method: 'POST',
  path: '/api/webhooks/{id}/test',
  tag: TAG,
  summary: 'Send a ping to a webhook',
  params: WebhookPath,
  output: Delivery,
  status: 202,
  errors: ['forbidden', 'not_found', 'conflict'],
})

export const listDeliveriesContract = contract({
  id: 'listWebhookDeliveries',
  method: 'GET',
  path: '/api/webhooks/{id}/deliveries',
  tag: TAG,
  summary: 'List what a webhook was sent',
  description: 'The newest first.',
  params: WebhookPath,
  query: ListDeliveriesQuery,
  output: DeliveryPage,
  status: 200,
  errors: ['forbidden', 'not_found'],
})

export const redeliverContract = contract({
  id: 'redeliverWebhook',
  method: 'POST',
  path: '/api/webhooks/{id}/deliveries/{delivery}/redeliver',
  tag: TAG,
  summary: 'Send a delivery again',
  description: 'The same body and webhook-id, with a new signature.',
  params: DeliveryPath,
  output: Delivery,
  status: 202,
  errors: ['forbidden', 'not_found', 'conflict'],
})
