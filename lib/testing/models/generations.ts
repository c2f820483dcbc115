import { setTimeout as delay } from 'node:timers/promises'
import type { Actor } from '../../access/actor.ts'
import { createConfiguration } from '../../ai/operations/create-configuration.ts'
import type { AIConfiguration, CreateConfigurationInput } from '../../ai/schema.ts'
import { getRuntime } from '../../runtime.ts'
import type { ProviderDouble } from '../provider-double/server.ts'
import { uniqueName } from '../rows.ts'
import { testRequest } from '../runtime.ts'

/**
 * A configuration that asks the double for a model; what the double does is in the model's name. The SDK is
 * loaded here, for in a first call that counts as silence of the provider.
 */
export async function makeDoubleConfiguration(
  actor: Actor,
  double: Pick<ProviderDouble, 'openaiUrl'>,
  input: Partial<CreateConfigurationInput> = {},
): Promise<AIConfiguration> {
  await import('openai')
  return createConfiguration(
    { ...actor, request: testRequest() },
    {
      name: uniqueName('model'),
      provider: 'openai-compatible',
      base_url: double.openaiUrl,
      model: 'double-small',
      ...input,
    },
  )
}

/** What is reserved and spent of a configuration in one kind of window. */
export async function spendingOf(configuration: { id: string }, period: 'minute' | 'month') {
  const { rows } = await getRuntime().database.primary.pool.query<{
    requests: number
    tokens: number
    cost: string
  }>(
    `SELECT coalesce(sum(requests), 0)::integer AS requests, coalesce(sum(tokens), 0)::integer AS tokens,
       coalesce(sum(cost), 0)::text AS cost FROM ai_spending WHERE subject = $1 AND period = $2`,
    [`configuration:${configuration.id}`, period],
  )
  const [row] = rows
  return { requests: row?.requests ?? 0, tokens: row?.tokens ?? 0, cost: Number(row?.cost ?? 0) }
}

const PATIENCE_MS = 100_000

/** Asks until the answer fits. @throws Error with the last answer when it does not in time */
export async function eventually<T>(ask: () => T | Promise<T>, fits: (value: T) => boolean): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS
  for (;;) {
    const value = await ask()
    if (fits(value)) return value
    if (Date.now() > deadline) throw new Error(`It did not come to be: ${JSON.stringify(value)}`)
    await delay(10)
  }
}
