import { afterEach, describe, expect, it } from 'vitest'
import { type CallingRuntime, callingRuntime } from '../../testing/calling-runtime.ts'
import { modelCall } from '../../testing/models/model-call.ts'
import { callModel } from '../calls/call-model.ts'
import { allProviders, findProvider } from './registry.ts'

let app: CallingRuntime
afterEach(() => app.close())

describe('echo', () => {
  it('answers the same every time, word by word, and says that it is no model', async () => {
    app = callingRuntime()
    const pieces: string[] = []
    const call = modelCall(
      { provider: 'echo', model: 'echo-fast', system_text: 'Be brief.' },
      { onText: (text) => pieces.push(text) },
    )
    const answer = await callModel(call)
    expect(answer.text).toContain('It is not a model')
    expect(answer.text).toContain('system: Be brief.\n\nuser: Say hello.')
    expect(pieces.length).toBe(answer.output_tokens)
    expect(answer.input_tokens).toBe(4)
    expect((await callModel(call)).text).toBe(answer.text)
    expect(findProvider('echo')?.note).toMatch(/^Not a model/)
  })

  it('takes a pause before each word, and stops within it', async () => {
    app = callingRuntime()
    const stop = new AbortController()
    const reason = new Error('enough')
    const pieces: string[] = []
    const onText = (text: string) => {
      pieces.push(text)
      stop.abort(reason)
    }
    const call = modelCall({ provider: 'echo', model: 'echo' }, { signal: stop.signal, onText })
    await expect(callModel(call)).rejects.toBe(reason)
    expect(pieces).toEqual(['This'])
  })

  it('keeps to max_tokens', async () => {
    app = callingRuntime()
    const answer = await callModel(modelCall({ provider: 'echo', model: 'echo-fast', max_tokens: 3 }))
    expect(answer).toMatchObject({ text: 'This is the', finish_reason: 'length', output_tokens: 3 })
  })

  it('cuts a long echo, not within a character', async () => {
    app = callingRuntime()
    const messages = [{ role: 'user' as const, content: '😀'.repeat(5_000) }]
    const { text } = await callModel(modelCall({ provider: 'echo', model: 'echo-fast' }, { messages }))
    expect(text).toHaveLength(2_002)
    expect(text.isWellFormed()).toBe(true)
  })
})

describe('which providers there are', () => {
  const ids = () => allProviders().map(({ id }) => id)

  it('has echo at home alone', () => {
    app = callingRuntime()
    expect(ids()).toEqual(['openai', 'anthropic', 'openai-compatible', 'echo'])
  })

  it.each([{ host: '0.0.0.0' }, { url: 'https://prompts.example.org' }])('has no echo with %j', (server) => {
    app = callingRuntime({ server })
    expect(ids()).not.toContain('echo')
    expect(findProvider('echo')).toBeUndefined()
  })

  it('has echo, or not, where ai.echo says so', async () => {
    app = callingRuntime({ ai: { echo: true }, server: { host: '0.0.0.0' } })
    expect(ids()).toContain('echo')
    await app.close()
    app = callingRuntime({ ai: { echo: false } })
    expect(ids()).not.toContain('echo')
    await expect(callModel(modelCall({ provider: 'echo', model: 'echo' }))).rejects.toMatchObject({
      kind: 'refused_request',
    })
  })
})
