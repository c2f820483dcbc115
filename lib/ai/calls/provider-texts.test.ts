import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type CallingRuntime, callingRuntime } from '../../testing/calling-runtime.ts'
import { modelCall } from '../../testing/models/model-call.ts'
import { type ProviderDouble, startProviderDouble } from '../../testing/provider-double/server.ts'
import { mendText } from '../../text.ts'
import { isProviderFailure } from '../providers/failure.ts'
import { callModel } from './call-model.ts'

/** Whatever a provider writes, what leaves a call can be stored and sent: over every interface there is. */

const WAYS = [
  { provider: 'openai', api: 'responses' },
  { provider: 'openai', api: 'chat_completions' },
  { provider: 'openai-compatible', api: null },
  { provider: 'anthropic', api: null },
] as const

let double: ProviderDouble
let app: CallingRuntime
beforeAll(async () => {
  double = await startProviderDouble()
})
afterAll(() => double.close())
beforeEach(() => {
  double.reset()
  app = callingRuntime({
    ai: { breaker_failures: 1000, key_hosts: [new URL(double.url).host] },
    environment: { OPENAI_API_KEY: 'sk-environment-openai', ANTHROPIC_API_KEY: 'sk-ant-environment' },
  })
})
afterEach(() => app.close())

/** Any UTF-16 units, those more often that make trouble. */
const unit = fc.oneof(
  fc.constantFrom(
    0,
    0xd83d,
    0xde00,
    0xd800,
    0xdfff,
    0xfeff,
    0xfffe,
    0xffff,
    0x202e,
    0x0a,
    0x0d,
    0x1b,
    0x85,
    0x301,
  ),
  fc.integer({ min: 0, max: 0xffff }),
)
const anyUnits = fc.array(unit, { minLength: 1, maxLength: 30 }).map((units) => String.fromCharCode(...units))

/** A text in pieces that are cut anywhere, within pairs too. */
const pieces = fc.tuple(anyUnits, fc.array(fc.nat(30), { maxLength: 6 })).map(([text, cuts]) => {
  const places = [...new Set([0, ...cuts.map((cut) => Math.min(cut, text.length)), text.length])].sort(
    (a, b) => a - b,
  )
  return places.slice(1).map((end, n) => text.slice(places[n], end))
})

const isFit = (text: string) => text.isWellFormed() && !text.includes('\0')

describe.each(WAYS)('$provider $api', ({ provider, api }) => {
  function call(model: string, onText: (text: string) => void = () => undefined) {
    const base_url = provider === 'anthropic' ? double.url : double.openaiUrl
    return callModel(modelCall({ provider, api, base_url, model }, { onText }))
  }

  it('a text that comes in any pieces is put together, and mended where it is none', async () => {
    await fc.assert(
      fc.asyncProperty(pieces, async (chunks) => {
        double.arrange('odd', { chunks })
        const heard: string[] = []
        const { text } = await call('odd', (piece) => heard.push(piece))
        expect(text).toBe(mendText(chunks.join('')))
        expect(heard.join('')).toBe(text)
        expect(heard.filter((piece) => !isFit(piece))).toEqual([])
      }),
      { seed: 1, numRuns: 40 },
    )
  })

  it('an error holds nothing that cannot be stored', async () => {
    await fc.assert(
      fc.asyncProperty(anyUnits, fc.constantFrom(400, 404, 429, 500), async (said, status) => {
        double.arrange('odd', {
          status,
          message: `Odd: ${said}${'x'.repeat(480)}😀${'😀'.repeat(40)}`,
          code: said,
        })
        const error: unknown = await call('odd').catch((reason: unknown) => reason)
        if (!isProviderFailure(error)) throw new Error('the call did not fail')
        expect(isFit(error.message)).toBe(true)
      }),
      { seed: 2, numRuns: 20 },
    )
  })

  it('neither does the line of the log', async () => {
    double.arrange('odd', { status: 400, message: 'a\0b\uD83D' })
    await call('odd').catch(() => undefined)
    const lines = app.logged.filter((line) => line.includes('model call'))
    expect(lines).toHaveLength(1)
    expect(lines.join('')).not.toMatch(/\\u0000|\\ud83d/i)
  })
})
