import fc from 'fast-check'
import { expect } from 'vitest'
import { mendText } from '#lib/text.ts'
import { rest } from '../protocol/mcp-apps.ts'
import type { Fuzzed } from './fuzzed-app.ts'
import { BROKEN_TEXTS, holdsHalfPair, ODD_TEXTS } from './texts.ts'

interface Generation {
  status: string
  text: string | null
  error: { message: string } | null
}

const TEXTS = [...Object.values(ODD_TEXTS), ...Object.values(BROKEN_TEXTS)].filter(
  (text) => text.trim() !== '',
)

/**
 * Lets the played provider answer, and fail, with odd and broken texts in pieces that are cut anywhere, and
 * holds what is kept of each generation against it.
 * @param count generations of each kind
 */
export async function fuzzProvider({ app, double }: Fuzzed, seed: number, count: number): Promise<void> {
  const pieces = fc.tuple(fc.constantFrom(...TEXTS), fc.integer({ min: 1, max: 90 }))
  const asked = fc.sample(pieces, { seed, numRuns: count })
  await Promise.all(
    asked.map(async ([text, length], n) => {
      const chunks = text.match(new RegExp(`[^]{1,${length}}`, 'g')) ?? []
      double.arrange(`odd-${n}`, { chunks })
      double.arrange(`bad-${n}`, { status: 400, message: text, code: text })
      const [answered, failed] = await Promise.all([run(app.url, `odd-${n}`), run(app.url, `bad-${n}`)])
      expect(answered).toMatchObject({ status: 'succeeded', text: mendText(chunks.join('')) })
      expect(failed).toMatchObject({ status: 'failed', error: { message: expect.any(String) } })
    }),
  )

  /** Runs a prompt with a configuration of its own for the model. */
  async function run(url: string, model: string): Promise<Generation> {
    const configuration = { name: model, provider: 'openai-compatible', model, base_url: double.openaiUrl }
    await rest(app, 'POST', '/api/ai/configurations', configuration)
    const body = { prompt: 'zero_shot', variables: VALUES, configuration: model, wait: 0.3 }
    const { id } = (await rest(app, 'POST', '/api/generations', body)) as { id: string }
    const read = async () => {
      const text = await (await fetch(`${url}/api/generations/${id}`)).text()
      expect(holdsHalfPair(text)).toBe(false)
      return JSON.parse(text) as Generation
    }
    const isOver = async () => /succeeded|failed/.test((await read()).status)
    await expect.poll(isOver, { timeout: 30_000, interval: 100 }).toBe(true)
    return read()
  }
}

const VALUES = { task_description: 'a', context: 'b', expected_output: 'c' }
