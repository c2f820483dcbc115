import fc from 'fast-check'
import { expect } from 'vitest'
import { mendText } from '#lib/text.ts'
import { rest } from '../protocol/mcp-apps.ts'
import type { Fuzzed } from './fuzzed-app.ts'
import { inParallel } from './send.ts'
import { BROKEN_TEXTS, holdsHalfPair, ODD_TEXTS } from './texts.ts'

interface Generation {
  id: string
  status: string
  text: string | null
  error: { message: string } | null
}

const TEXTS = [...Object.values(ODD_TEXTS), ...Object.values(BROKEN_TEXTS)].filter(
  (text) => text.trim() !== '',
)
/** Generations of each kind at the same time. */
const WIDTH = 6
/** Its own: what other fuzzers do to the seeded prompts is theirs. */
const PROMPT = 'asked-of-a-provider'

/**
 * Lets the played provider answer, and fail, with odd and broken texts in pieces that are cut anywhere.
 * @param count generations of each kind
 * @returns each generation that is not kept as it should be
 */
export async function fuzzProvider(fuzzed: Fuzzed, seed: number, count: number): Promise<string[]> {
  const { double } = fuzzed
  const pieces = fc.tuple(fc.constantFrom(...TEXTS), fc.integer({ min: 1, max: 90 }))
  const asked = fc.sample(pieces, { seed, numRuns: count })
  const faults: string[] = []
  await rest(fuzzed.app, 'POST', '/api/prompts', { name: PROMPT, template_content: 'Say something.' })
  await inParallel(asked, WIDTH, async ([text, length], n) => {
    const chunks = text.match(new RegExp(`[^]{1,${length}}`, 'g')) ?? []
    double.arrange(`odd-${n}`, { chunks })
    double.arrange(`bad-${n}`, { status: 400, message: text, code: text })
    const [answered, failed] = await Promise.all([run(fuzzed, `odd-${n}`), run(fuzzed, `bad-${n}`)])
    const isKept = answered.status === 'succeeded' && answered.text === mendText(text)
    const isTold = failed.status === 'failed' && typeof failed.error?.message === 'string'
    const isBroken = [answered, failed].some((each) => holdsHalfPair(JSON.stringify(each)))
    if (!isKept || !isTold || isBroken) faults.push(JSON.stringify({ chunks, answered, failed }))
  })
  return faults
}

/** Runs a prompt with a configuration of its own for the model, and reads how it ended. */
async function run({ app, double }: Fuzzed, model: string): Promise<Generation> {
  const configuration = { name: model, provider: 'openai-compatible', model, base_url: double.openaiUrl }
  await rest(app, 'POST', '/api/ai/configurations', configuration)
  const body = { prompt: PROMPT, configuration: model, wait: 0.3 }
  let generation = (await rest(app, 'POST', '/api/generations', body)) as Generation
  const isOver = async () => {
    generation = (await rest(app, 'GET', `/api/generations/${generation.id}`)) as Generation
    return /succeeded|failed/.test(generation.status)
  }
  await expect.poll(isOver, { timeout: 30_000, interval: 100 }).toBe(true)
  return generation
}
