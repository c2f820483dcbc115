import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type CallingRuntime, callingRuntime } from '../../testing/calling-runtime.ts'
import { modelCall } from '../../testing/models/model-call.ts'
import { type ProviderDouble, startProviderDouble } from '../../testing/provider-double/server.ts'
import type { Provider } from '../providers/provider.ts'
import { findProvider } from '../providers/registry.ts'
import { keySource } from './call-key.ts'
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
    app = callingRuntime({
      environment,
      ai: {
        allowed_hosts: ['allowed.internal', '10.0.0.0/8'],
        key_hosts: ['Gateway.internal', '10.1.1.1:8080', '[::1]:9'],
      },
    })
    const source = (url: string) => keySource(provider('openai'), url, false)
    for (const url of [
      'https://api.openai.com/v1',
      'https://API.openai.com:443/other/path',
      'https://gateway.internal/v1',
      'https://gateway.internal:443/v1',
      'http://10.1.1.1:8080/v1',
      'http://[0:0::1]:9/v1',
    ])
      expect([url, source(url)]).toEqual([url, 'environment'])
    for (const url of [
      'https://collector.example.org/v1',
      'https://api.openai.com.evil.org/v1',
      'https://api.openai.com@evil.org/v1',
      'http://api.openai.com/v1',
      'https://api.openai.com:8443/v1',
      'https://gateway.internal:444/v1',
      'https://sub.gateway.internal/v1',
      // May be called, which is another matter.
      'https://allowed.internal/v1',
      'http://10.1.1.1/v1',
      'http://10.2.2.2:8080/v1',
      // In local mode these may be called as well.
      'http://127.0.0.1:4077/v1',
      'http://localhost:4077/v1',
      'http://[::1]:10/v1',
      'http://192.168.1.1/v1',
    ])
      expect([url, source(url)]).toEqual([url, 'missing'])
  })

  it('prefers the stored key', async () => {
    app = callingRuntime({ environment, ai: { key_hosts: [new URL(double.url).host] } })
    const asked = { provider: 'openai', base_url: double.openaiUrl, model: 'double' }
    await callModel(modelCall(asked, { apiKey: 'sk-stored-key' }))
    await callModel(modelCall(asked))
    expect(double.calls.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer sk-stored-key',
      'Bearer sk-of-the-operator',
    ])
  })

  it('sends the key of the environment to nobody on this machine, in local mode', async () => {
    app = callingRuntime({ environment })
    const steal = modelCall({ provider: 'openai', base_url: double.openaiUrl, model: 'gpt-5' })
    await expect(callModel(steal)).rejects.toMatchObject({ kind: 'missing_key' })
    expect(double.calls).toHaveLength(0)
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
      message: expect.stringContaining('ai.key_hosts'),
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
