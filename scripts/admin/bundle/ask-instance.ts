import type { LoadedConfig } from '#lib/config/load.ts'
import { System } from '#lib/health/system-schema.ts'
import { parseJson } from '#lib/json.ts'

const ANSWER_MS = 5_000
const FILES = {
  'metrics.txt': '/metrics',
  'health.json': '/health',
  'ready.json': '/health/ready?verbose',
} as const

/**
 * What the instance on this machine tells of itself, by the name of its file.
 * @param key an API key, where there are accounts
 */
export async function askInstance(
  { server }: LoadedConfig,
  key: string | undefined,
): Promise<Record<string, string>> {
  const host = server.host === '0.0.0.0' || server.host === '::' ? '127.0.0.1' : server.host
  const base = `http://${host.includes(':') ? `[${host}]` : host}:${server.port}`
  const found: Record<string, string> = {}
  for (const [name, path] of Object.entries(FILES)) {
    const text = await ask(`${base}${path}`, key)
    found[name] = name === 'ready.json' ? withoutMessages(text) : text
  }
  return found
}

async function ask(url: string, key: string | undefined): Promise<string> {
  try {
    const response = await fetch(url, {
      signal: AbortSignal.timeout(ANSWER_MS),
      ...(key !== undefined && { headers: { authorization: `Bearer ${key}` } }),
    })
    // Not ready is an answer as well.
    if (response.ok || response.status === 503) return await response.text()
    return `${NOTHING} ${url} answers ${response.status}. ${key === undefined ? NO_KEY : WRONG_KEY}`
  } catch (error) {
    return `${NOTHING} ${new URL(url).origin} cannot be reached: ${codeOf(error)}. ${SAME_SETTINGS}`
  }
}

/** What a file begins with that could not be read. */
export const NOTHING = 'Not read:'
const NO_KEY = 'With accounts name a key: --key-file FILE.'
const WRONG_KEY = 'The key must be a personal one of an admin, with metrics:read and settings:write.'
const SAME_SETTINGS = 'Run this with the settings of the app that runs: the same PORT and HOST.'

function codeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  if (!(cause instanceof Error)) return 'unknown'
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name
}

/** A message of an error may quote what somebody sent. */
function withoutMessages(text: string): string {
  let body: unknown
  try {
    body = parseJson(text, { depth: 32 })
  } catch {
    return text
  }
  if (typeof body !== 'object' || body === null || !('system' in body)) return text
  const parsed = System.safeParse(body.system)
  const system = parsed.success
    ? {
        ...parsed.data,
        recent: parsed.data.recent.map((each) => ({ ...each, error: each.error?.split(':')[0] ?? null })),
      }
    : 'It is of another version, and left out.'
  return JSON.stringify({ ...body, system }, null, 2)
}
