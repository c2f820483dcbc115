import { z } from 'zod'
import { count, milliseconds } from './numbers.ts'

/** The section webhooks. */
export const Webhooks = z.strictObject({
  allowed_hosts: z
    .array(z.string().min(1).max(255))
    .default([])
    .describe('Private hosts (name, address or range such as 10.0.0.0/8) that a webhook may name'),
})

/** Keys of the section limits that are about alerts and webhooks. */
export const ALERT_LIMITS = {
  alert_rules: count(200, 10_000).describe('Most alert rules of a workspace'),
  alert_mails: count(5, 1000).describe(
    'Alerts of one moment that a person gets a mail each of; more come as one mail',
  ),
  alert_retention_days: count(365, 36_500).describe('Days that what fired is kept'),
  webhooks: count(50, 1000).describe('Most webhooks of a workspace'),
  repositories: count(50, 1000).describe('Most repositories that a workspace takes prompts from'),
  webhook_ms: milliseconds(10_000).describe(
    'Time for a webhook to answer; never longer than `outbox_claim_ms` allows',
  ),
  webhook_tries: count(12, 100).describe('Tries of a delivery, or of a look at a repository, until it is given up'),
  webhook_retry_ms: milliseconds(5000).describe(
    'First pause after a delivery failed; each one after it is twice as long',
  ),
  webhook_retry_max_ms: milliseconds(1_800_000).describe('Longest pause between two tries of a delivery'),
  webhook_failing_hours: count(72, 8760).describe(
    'A webhook that nothing reached for this long is switched off',
  ),
  webhook_retention_days: count(30, 3650).describe('Days that deliveries to webhooks are kept'),
}
