import { Agent, type Dispatcher, request } from 'undici'
import { refusedUrl } from '../../ai/calls/addresses.ts'
import { guardedConnector } from '../../ai/calls/guarded-fetch.ts'
import type { LoadedConfig } from '../../config/load.ts'
import { getRuntime } from '../../runtime.ts'

/** Most bytes that are read of an answer, and most characters that are kept. */
const ANSWER_BYTES = 16_384
const KEPT = 500
/** Left of the time in which an instance has a message for itself, so that no other one sends it as well. */
const SPARE_MS = 3000
/** Part of the time for shutdown that receivers have to answer; what comes after it needs some, too. */
const DRAIN_SHARE = 0.3

/** How one try went. */
export interface Posted {
  isTaken: boolean
  status: number | null
  duration_ms: number
  answer: string | null
  error: string | null
}

interface WaysOut {
  config: LoadedConfig & { allowedKey: string }
  agent: Dispatcher
  ms: number
  /** Aborted when this process ends and waits no longer. */
  ending: AbortSignal
}

/** How webhooks are called: by the connector of providers, with allowed hosts of their own. */
function waysOut(): WaysOut {
  return getRuntime().once('webhooks.outgoing', (runtime) => {
    const { webhooks, ai, limits } = runtime.config
    const ms = Math.max(1, Math.min(limits.webhook_ms, limits.outbox_claim_ms - SPARE_MS))
    const own = { ...ai, allowed_hosts: webhooks.allowed_hosts, connect_ms: ms }
    const config = { ...runtime.config, ai: own, allowedKey: 'webhooks.allowed_hosts' }
    const agent = new Agent({ connect: guardedConnector(config), allowH2: false, maxResponseSize: -1 })
    const ending = new AbortController()
    runtime.onShutdown('drain', 'webhooks', () => {
      setTimeout(() => ending.abort(), limits.shutdown_ms * DRAIN_SHARE).unref()
    })
    runtime.onShutdown('close', 'connections to webhooks', () => agent.destroy())
    return { config, agent, ms, ending: ending.signal }
  })
}

/** Why nothing is sent to an address, whatever its name resolves to; undefined: it may be tried. */
export function refusedWebhookUrl(url: string): string | undefined {
  return refusedUrl(new URL(url), waysOut().config)
}

/**
 * Posts a body: within `limits.webhook_ms`, to allowed addresses alone, without following redirects. Any status from
 * 200 to 299 takes it, whatever becomes of the rest of the answer.
 * @returns undefined: this process ends and did not wait for the answer
 */
export async function post(
  url: string,
  body: string,
  headers: Record<string, string>,
): Promise<Posted | undefined> {
  const { agent, ms, ending } = waysOut()
  const began = performance.now()
  const result = { isTaken: false, status: null, answer: null, error: null }
  const took = () => Math.round(performance.now() - began)
  const refused = refusedWebhookUrl(url)
  if (refused !== undefined) return { ...result, duration_ms: 0, error: refused }
  try {
    const answer = await request(url, {
      method: 'POST',
      headers: { ...headers, ...OWN_HEADERS },
      body,
      signal: AbortSignal.any([AbortSignal.timeout(ms), ending]),
      dispatcher: agent,
    })
    const { statusCode: status } = answer
    const text = await beginning(answer.body)
    const isTaken = status >= 200 && status < 300
    return { isTaken, status, duration_ms: took(), answer: text, error: isTaken ? null : faultOf(status) }
  } catch (error) {
    if (ending.aborted) return undefined
    return { ...result, duration_ms: took(), error: reasonOf(error, ms) }
  }
}

const OWN_HEADERS = {
  'content-type': 'application/json',
  'user-agent': 'Incipit',
  'accept-encoding': 'identity',
}

function faultOf(status: number): string {
  if (status >= 300 && status < 400)
    return `It answered with ${status}, a redirect, which is not followed: name the address that it leads to.`
  return `It answered with ${status}.`
}

/** How an answer begins. The rest is not waited for, and what does not come is no fault: its status has been said. */
async function beginning(body: Dispatcher.ResponseData['body']): Promise<string> {
  const pieces: Buffer[] = []
  let size = 0
  body.on('error', () => undefined)
  try {
    for await (const piece of body) {
      pieces.push(Buffer.from(piece))
      size += piece.length
      if (size >= ANSWER_BYTES) break
    }
  } catch {
    // It stalled until the time was over, or broke off.
  }
  // Text of the database holds no NUL.
  return Buffer.concat(pieces).toString('utf8').replaceAll('\0', '').slice(0, KEPT).toWellFormed()
}

function reasonOf(error: unknown, ms: number): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return `It did not answer within ${ms} ms (limits.webhook_ms).`
  const { cause } = error
  return cause instanceof Error && error.message === '' ? cause.message : error.message
}
