import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type CallingRuntime, callingRuntime } from '../../testing/calling-runtime.ts'
import { modelCall } from '../../testing/model-call.ts'
import { type ProviderDouble, startProviderDouble } from '../../testing/provider-double/server.ts'
import { callModel } from '../operations/call-model.ts'
import type { Provider } from '../providers/provider.ts'
import { findProvider } from '../providers/registry.ts'
import { keySource } from './call-key.ts'

let double: ProviderDouble
let app: CallingRuntime

beforeEach(async () => {
  double = await startProviderDouble()
})
afterEach(async () => {
  await app.close()
  await double.close()
})

function provider(id: string): Provider {
  const found = findProvider(id)
  if (found === undefined) throw new Error(`no ${id}`)
  return found
}

const environment = { OPENAI_API_KEY: 'sk-of-the-operator' }

describe('where a key comes from', () => {
  it('is the row, the environment, or nowhere', () => {
    app = callingRuntime({ environment })
    expect(keySource(provider('openai'), null, true)).toBe('stored')
    expect(keySource(provider('openai'), null, false)).toBe('environment')
    expect(keySource(provider('anthropic'), null, false)).toBe('missing')
    expect(keySource(provider('openai-compatible'), 'https://x.org', false)).toBe('none')
    expect(keySource(provider('echo'), null, false)).toBe('none')
  })

  it("keeps the operator's key from addresses that somebody else chose", () => {
    app = callingRuntime({ environment, ai: { allowed_hosts: ['gateway.internal'] } })
    expect(keySource(provider('openai'), 'https://api.openai.com/v1', false)).toBe('environment')
    expect(keySource(provider('openai'), 'https://gateway.internal/v1', false)).toBe('environment')
    expect(keySource(provider('openai'), 'https://collector.example.org/v1', false)).toBe('missing')
    expect(keySource(provider('openai'), 'https://api.openai.com.evil.org/v1', false)).toBe('missing')
  })

  it('prefers the stored key', async () => {
    app = callingRuntime({ environment })
    const asked = { provider: 'openai', base_url: double.openaiUrl, model: 'double' }
    await callModel(modelCall(asked, { apiKey: 'sk-stored-key' }))
    await callModel(modelCall(asked))
    expect(double.calls.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer sk-stored-key',
      'Bearer sk-of-the-operator',
    ])
  })

  it('says what to do when there is none', async () => {
    app = callingRuntime()
    await expect(callModel(modelCall({ provider: 'openai', model: 'm' }))).rejects.toMatchObject({
      kind: 'missing_key',
      retryable: false,
      message: expect.stringContaining('OPENAI_API_KEY'),
    })
  })

  it('says why the one of the environment is not sent, and asks nobody whose address is blocked', async () => {
    app = callingRuntime({ environment })
    const asked = (base_url: string) => callModel(modelCall({ provider: 'openai', base_url, model: 'm' }))
    await expect(asked('https://collector.example.org')).rejects.toMatchObject({
      kind: 'missing_key',
      message: expect.stringContaining('ai.allowed_hosts'),
    })
    await expect(asked('http://169.254.169.254/v1')).rejects.toMatchObject({ kind: 'blocked_address' })
  })

  it('case 30: says that a stored key cannot be read, and calls nobody', async () => {
    app = callingRuntime({ environment })
    const call = modelCall(
      { provider: 'openai', base_url: double.openaiUrl, model: 'double' },
      { apiKey: 'sk-stored' },
    )
    const swapped = { ...call, configuration: { ...call.configuration, id: 'another row' } }
    await expect(callModel(swapped)).rejects.toMatchObject({
      kind: 'missing_key',
      message: expect.stringContaining('enter the key again'),
    })
    expect(double.calls).toHaveLength(0)
  })
})
