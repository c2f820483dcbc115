import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newId } from '../../id.ts'
import { metrics } from '../../metrics.ts'
import { type CallingRuntime, callingRuntime } from '../../testing/calling-runtime.ts'
import { modelCall } from '../../testing/models/model-call.ts'
import { type ProviderDouble, startProviderDouble } from '../../testing/provider-double/server.ts'
import { addCallMetrics } from './call-metrics.ts'
import { callModel } from './call-model.ts'

let double: ProviderDouble
let app: CallingRuntime

beforeEach(async () => {
  double = await startProviderDouble()
})
afterEach(async () => {
  await app.close()
  await double.close()
})

const asked = (model: string) => ({ provider: 'openai-compatible', base_url: double.openaiUrl, model })
const lines = () => app.logged.map((line) => JSON.parse(line) as Record<string, unknown>)

describe('the log of a call', () => {
  it('tells who was asked, sizes, tokens, times and ids, but no text', async () => {
    app = callingRuntime()
    const context = { generation_id: 'g1', attempt: 2 }
    await callModel(modelCall(asked('double'), { apiKey: 'stored-key-123', context }))
    expect(lines()).toEqual([
      expect.objectContaining({
        level: 'info',
        msg: 'model call',
        provider: 'openai-compatible',
        model: 'double',
        generation_id: 'g1',
        attempt: 2,
        outcome: 'succeeded',
        provider_request_id: 'req_double',
        messages: 1,
        input_characters: 10,
        output_characters: 31,
        output_tokens: 5,
        finish_reason: 'stop',
        latency_ms: expect.any(Number),
      }),
    ])
    expect(app.logged.join('')).not.toMatch(/Say hello|Hello from|stored-key/)
  })

  it('tells the texts with ai.log_content, and even then no key', async () => {
    app = callingRuntime({ ai: { log_content: true } })
    await callModel(modelCall(asked('double'), { apiKey: 'stored-key-123' }))
    expect(app.logged.join('')).toMatch(/Say hello.*Hello from/)
    expect(app.logged.join('')).not.toContain('stored-key')
  })

  it('tells why a call failed', async () => {
    app = callingRuntime()
    await expect(callModel(modelCall(asked('status-429.retry-after-3')))).rejects.toMatchObject({
      status: 429,
    })
    expect(lines()).toEqual([
      expect.objectContaining({ outcome: 'rate_limited', status: 429, retry_after: 3 }),
    ])
  })
})

describe('the metrics of calls', () => {
  it('count calls by outcome, tokens and times, and show breakers', async () => {
    app = callingRuntime({ ai: { breaker_failures: 1 } })
    addCallMetrics()
    // Each workspace has breakers of its own.
    const workspaceId = newId()
    const call = (model: string) => callModel(modelCall(asked(model), { workspaceId }))
    await call('double')
    await expect(call('status-500')).rejects.toMatchObject({ kind: 'server_error' })
    await expect(call('double')).rejects.toMatchObject({ kind: 'breaker_open' })
    expect(double.calls).toHaveLength(2)
    const text = await metrics().expose()
    for (const outcome of ['succeeded', 'server_error', 'breaker_open'])
      expect(text).toContain(
        `incipit_provider_calls_total{provider="openai-compatible",configuration="tested",outcome="${outcome}"} 1`,
      )
    expect(text).toContain(
      'incipit_provider_tokens_total{provider="openai-compatible",configuration="tested",direction="output"} 5',
    )
    expect(text).toContain('incipit_provider_breakers{provider="openai-compatible",state="open"} 1')
    expect(text).toContain('incipit_provider_first_text_seconds_count{provider="openai-compatible"} 1')
  })
})
