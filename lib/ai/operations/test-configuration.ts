import type { Actor } from '../../access/actor.ts'
import { change } from '../../db/change.ts'
import { getRuntime } from '../../runtime.ts'
import { operation } from '../../telemetry/operation.ts'
import { cutText } from '../../text.ts'
import { callModel, type ModelAnswer } from '../calls/call-model.ts'
import { failureHint, wasCalled } from '../configurations/failure-hint.ts'
import { findChain } from '../configurations/read-chain.ts'
import { noConfiguration } from '../configurations/stored-configuration.ts'
import { costOf } from '../cost.ts'
import { estimateCall } from '../limits/estimate-call.ts'
import { reserveSpending } from '../limits/reserve-spending.ts'
import { releaseSpending, settleSpending } from '../limits/settle-spending.ts'
import type { Reservation } from '../limits/spending.ts'
import { assertMay } from '../policy.ts'
import { isProviderFailure, providerFailure } from '../providers/failure.ts'
import type { ProviderFailure } from '../providers/provider.ts'
import type { ConfigurationTest, TestConfigurationInput } from '../schema.ts'
import type { LoadedConfiguration } from './load-configuration.ts'

export type TestConfigurationRequest = TestConfigurationInput & { name: string }

const GREETING = 'Say hello in one short sentence.'
/** Enough for a model that thinks before it speaks. */
const MAX_TOKENS = 1024
const SHOWN_LENGTH = 500

/**
 * Asks a configuration something short, for real: it counts against its limits and is paid for. One that is
 * switched off can be tested; its fallback is not asked.
 * @returns how it went; a refusal by the provider is no error here
 * @throws not_found, rate_limited, quota_exceeded, forbidden, unavailable
 */
export const testConfiguration = operation('testConfiguration', run)

async function run(
  actor: Actor,
  { name, text = GREETING }: TestConfigurationRequest,
): Promise<ConfigurationTest> {
  assertMay(actor, 'write')
  const { workspaceId } = actor
  const [member] = await findChain(workspaceId, { name })
  if (member === undefined) throw noConfiguration(name)
  const configuration = bounded(member.loaded)
  const { facts, limits } = configuration
  const messages = [{ role: 'user' as const, content: text }]
  const estimate = estimateCall(facts, messages)
  const tokens = estimate.input + estimate.output
  const cost = costOf(facts, estimate) ?? 0
  const reservation = await change(actor, ({ tx }) =>
    reserveSpending(tx, { workspaceId, configuration: limits, callerId: actor.id, tokens, cost }),
  )
  const startedAt = performance.now()
  const latency = () => Math.round(performance.now() - startedAt)
  const wait = AbortSignal.timeout(getRuntime().config.limits.generation_wait_ms)
  try {
    const answer = await callModel({
      workspaceId,
      configuration,
      messages,
      signal: wait,
      onText: () => undefined,
      context: {},
    })
    const spent = costOf(facts, { input: answer.input_tokens, output: answer.output_tokens })
    await settle(actor, reservation, answer.input_tokens + answer.output_tokens, spent ?? 0)
    return succeeded(answer, spent)
  } catch (error) {
    const failure = asFailure(error, wait)
    await giveBack(actor, reservation, failure)
    if (failure === undefined) throw error
    return failed(failure, latency())
  }
}

function bounded(loaded: LoadedConfiguration): LoadedConfiguration {
  const max_tokens = Math.min(loaded.facts.max_tokens ?? MAX_TOKENS, MAX_TOKENS)
  return { ...loaded, facts: { ...loaded.facts, max_tokens } }
}

function asFailure(error: unknown, wait: AbortSignal): ProviderFailure | undefined {
  if (isProviderFailure(error)) return error
  return wait.aborted && error === wait.reason
    ? providerFailure('timeout', 'The provider did not answer in time.')
    : undefined
}

async function settle(actor: Actor, reservation: Reservation, tokens: number, cost: number): Promise<void> {
  await change(actor, ({ tx }) => settleSpending(tx, { reservation, tokens, cost }))
}

/** A failed call is not paid for, as far as anybody knows; the request was made all the same. */
async function giveBack(
  actor: Actor,
  reservation: Reservation,
  failure: ProviderFailure | undefined,
): Promise<void> {
  if (failure !== undefined && wasCalled(failure.kind)) return settle(actor, reservation, 0, 0)
  await change(actor, ({ tx }) => releaseSpending(tx, reservation))
}

function succeeded(answer: ModelAnswer, cost: number | null): ConfigurationTest {
  return {
    ok: true,
    text: cutText(answer.text, SHOWN_LENGTH),
    latency_ms: answer.latency_ms,
    input_tokens: answer.input_tokens,
    output_tokens: answer.output_tokens,
    cost,
    error: null,
  }
}

function failed({ kind, message }: ProviderFailure, latency: number): ConfigurationTest {
  const error = { code: kind, message, hint: failureHint(kind) }
  return {
    ok: false,
    text: null,
    latency_ms: latency,
    input_tokens: null,
    output_tokens: null,
    cost: null,
    error,
  }
}
