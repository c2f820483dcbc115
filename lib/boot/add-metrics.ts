import { addAccessMetrics } from '../access/access-metrics.ts'
import { addCallMetrics } from '../ai/calls/call-metrics.ts'
import { addQuotaMetrics } from '../ai/limits/quota-metrics.ts'
import { addDatabaseMetrics } from '../db/database-metrics.ts'
import { addConnectionMetrics } from '../door/edge/connection-metrics.ts'
import { addRequestMetrics } from '../door/request-metrics.ts'
import { addGenerationMetrics } from '../generations/metrics.ts'
import { addBuildMetrics } from '../health/build-info.ts'
import { addHealthMetrics } from '../health/health-metrics.ts'
import { addHeldMetrics } from '../held-metrics.ts'
import { addKeyMetrics } from '../keys/key-metrics.ts'
import { addOutboxMetrics } from '../outbox/outbox.ts'
import { addOutcomeMetrics } from '../outcomes/outcome-metrics.ts'
import { addSignInMetrics } from '../people/auth/sign-in-metrics.ts'
import { addRenderMetrics } from '../prompts/render/render-metrics.ts'
import { addUpkeepMetrics, type UpkeepStep } from '../upkeep/upkeep.ts'
import { addUsageMetrics } from '../usage/recording/record.ts'
import { addWebhookMetrics } from '../webhooks/webhook-metrics.ts'

/**
 * Adds all metrics of lib, once in a process and before the first scrape, so that every name is there from the
 * beginning. docs/operating.md lists them.
 */
export function addMetrics(upkeep: readonly UpkeepStep[]): void {
  addBuildMetrics()
  addHealthMetrics()
  addConnectionMetrics()
  addRequestMetrics()
  addAccessMetrics()
  addSignInMetrics()
  addKeyMetrics()
  addRenderMetrics()
  addUsageMetrics()
  addHeldMetrics()
  addDatabaseMetrics()
  addGenerationMetrics()
  addOutboxMetrics()
  addOutcomeMetrics()
  addWebhookMetrics()
  addCallMetrics()
  addQuotaMetrics()
  addUpkeepMetrics(upkeep)
}
