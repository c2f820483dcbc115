import { performance } from 'node:perf_hooks'
import { withClient } from '../../lib/testing/database.ts'
import { sendJson } from '../http.ts'

/** So many callers, each of whom asks again as soon as it was answered, until so many calls are made. */
export interface Load {
  concurrent: number
  calls: number
}

export interface Measured {
  perSecond: number
  /** Milliseconds of each call, ascending. */
  took: number[]
  failed: number
}

async function drive({ concurrent, calls }: Load, ask: () => Promise<boolean>): Promise<Measured> {
  const took: number[] = []
  let begun = 0
  let failed = 0
  const started = performance.now()
  const caller = async () => {
    while (begun < calls) {
      begun += 1
      const from = performance.now()
      if (!(await ask().catch(() => false))) failed += 1
      took.push(performance.now() - from)
    }
  }
  await Promise.all(Array.from({ length: concurrent }, caller))
  const seconds = (performance.now() - started) / 1000
  return { perSecond: calls / seconds, took: took.toSorted((a, b) => a - b), failed }
}

/** Calls the provider as the product does, and reads the answer to its end. */
export function askDirectly(url: string, model: string, load: Load): Promise<Measured> {
  return drive(load, async () => {
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model, stream: true, messages: [{ role: 'user', content: 'Answer me.' }] }),
    })
    return (await response.text()).endsWith('data: [DONE]\n\n')
  })
}

/** Asks the product for a generation and waits for its end. */
export function askProduct(url: URL, load: Load): Promise<Measured> {
  return drive(load, async () => {
    const body = { prompt: 'bench', variables: { question: 'me' }, configuration: 'double', wait: 60 }
    const { status, text } = await sendJson(url, 'POST', '/api/generations', body)
    return status === 200 && text.includes('"status":"succeeded"')
  })
}

export function percentile(ascending: readonly number[], share: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor(share * ascending.length))] ?? 0
}

/** How many calls have no generation, more than one answer, or a charge that the windows do not have. */
export async function loseNothing(databaseUrl: string, loads: readonly Load[]): Promise<number> {
  const asked = loads.reduce((sum, { calls }) => sum + calls, 0)
  return withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ answered: number; charged: number; even: boolean }>(
      `SELECT (SELECT count(*)::integer FROM generated_content WHERE status = 'succeeded') AS answered,
         (SELECT count(*)::integer FROM generation_attempt WHERE cost IS NOT NULL) AS charged,
         (SELECT sum(cost) FROM generation_attempt)
           = (SELECT sum(cost) FROM ai_spending WHERE period = 'month' AND subject LIKE 'configuration:%') AS even`,
    )
    const [row] = rows
    if (row === undefined) return asked
    return asked - row.answered + Math.abs(row.charged - row.answered) + (row.even ? 0 : 1)
  })
}
