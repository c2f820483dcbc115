import { endpoint } from '../contract.ts'
import {
  createWebhookContract,
  deleteWebhookContract,
  getWebhookContract,
  listDeliveriesContract,
  listWebhooksContract,
  patchWebhookContract,
  redeliverContract,
  rotateWebhookSecretContract,
  testWebhookContract,
} from './contract.ts'
import { createWebhook } from './operations/create-webhook.ts'
import { deleteWebhook } from './operations/delete-webhook.ts'
import { getWebhook } from './operations/get-webhook.ts'
import { listDeliveries } from './operations/list-deliveries.ts'
import { listWebhooks } from './operations/list-webhooks.ts'
import { patchWebhook } from './operations/patch-webhook.ts'
import { redeliver } from './operations/redeliver.ts'
import { rotateWebhookSecret } from './operations/rotate-webhook-secret.ts'
import { testWebhook } from './operations/test-webhook.ts'

/** What REST offers of webhooks, in the order of its document. */
export const webhookRoutes = [
  endpoint(listWebhooksContract, listWebhooks, 'settings:write'),
  endpoint(createWebhookContract, createWebhook, 'settings:write'),
  endpoint(getWebhookContract, getWebhook, 'settings:write'),
  endpoint(patchWebhookContract, patchWebhook, 'settings:write'),
  endpoint(deleteWebhookContract, deleteWebhook, 'settings:write'),
  endpoint(rotateWebhookSecretContract, rotateWebhookSecret, 'settings:write'),
  endpoint(testWebhookContract, testWebhook, 'settings:write'),
  endpoint(listDeliveriesContract, listDeliveries, 'settings:write'),
  endpoint(redeliverContract, redeliver, 'settings:write'),
]
