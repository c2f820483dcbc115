import type OpenAI from 'openai'
import type { Connection } from './provider.ts'
import { member } from './reported.ts'

/** Time is measured by the call's own watch; the SDK's limit lies beyond it. */
const SDK_TIMEOUT_MS = 2_000_000_000

/**
 * A client of OpenAI's SDK for one call. What the SDK would take from the environment is set here, so that
 * nothing of it goes to an address that a configuration names. Loaded at the first call: it is large.
 */
export async function openaiClient({ baseUrl, apiKey, fetch }: Connection): Promise<OpenAI> {
  const { default: Client } = await import('openai')
  return new Client({
    apiKey: apiKey ?? 'none',
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    baseURL: baseUrl ?? USUAL_BASE_URL,
    // Retries are the functions' business: they count, wait and fall back.
    maxRetries: 0,
    timeout: SDK_TIMEOUT_MS,
    fetch,
    logLevel: 'off',
    ...(apiKey === undefined ? { defaultHeaders: { authorization: null } } : {}),
  })
}

export const USUAL_BASE_URL = 'https://api.openai.com/v1'

/** @throws ProviderFailure, or what the SDK throws */
export async function listOpenaiModels(connection: Connection, signal: AbortSignal): Promise<string[]> {
  const client = await openaiClient(connection)
  const names: string[] = []
  for await (const model of client.models.list({ signal })) names.push(String(member(model, 'id')))
  return names.sort()
}
