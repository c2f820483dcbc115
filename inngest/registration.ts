import { setTimeout as delay } from 'node:timers/promises'
import { type Handler, inProcessHandler } from '@incipit/inngest-embedded'
import type { LoadedConfig } from '#lib/config/load.ts'
import type { Log } from '#lib/log.ts'
import type { Runtime } from '#lib/runtime.ts'
import { inngestClient } from './client.ts'
import { functions } from './functions.ts'

const PATH = '/api/inngest'
const FIRST_WAIT_MS = 2000
const LONGEST_WAIT_MS = 60_000

/**
 * Makes what tells an Inngest server the functions as they are now: a self-hosted one never asks again an app that
 * it knows. It goes on trying in the background until the server has taken them; told while it tries, it does no
 * more than that.
 */
export function registrar(runtime: Runtime): () => void {
  const { config, log } = runtime
  const address = addressOf(config)
  if (address === undefined) {
    log.warn(
      {},
      'the Inngest server is not told of changed functions, for it is not known where it reaches this app: ' +
        'set inngest.app_url, or restart the server after each update',
    )
    return () => undefined
  }
  const ending = new AbortController()
  runtime.onShutdown('drain', 'inngest.registration', () => ending.abort())
  const client = inngestClient()
  const handler = inProcessHandler(client, functions(client))
  let isTrying = false
  return () => {
    if (isTrying) return
    isTrying = true
    void persist(handler, address, { log, signal: ending.signal }).finally(() => {
      isTrying = false
    })
  }
}

/** What it registers as; undefined when only a server on this machine could reach what is known. */
function addressOf({ inngest, server, inngestServer, publicUrl }: LoadedConfig): URL | undefined {
  const isHere = inngestServer.baseUrl === undefined ? inngestServer.isDev : isLoopback(inngestServer.baseUrl)
  const address = inngest.app_url ?? server.url ?? (isHere ? publicUrl : undefined)
  return address === undefined ? undefined : new URL(`${address.replace(/\/$/, '')}${PATH}`)
}

function isLoopback(url: string): boolean {
  return URL.canParse(url) && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname)
}

async function persist(
  handler: Handler,
  address: URL,
  { log, signal }: { log: Log; signal: AbortSignal },
): Promise<void> {
  let wait = FIRST_WAIT_MS
  for (let attempt = 1; !signal.aborted; attempt++) {
    const refusal = await register(handler, address)
    if (refusal === undefined) {
      log.info({ address: address.href }, 'the Inngest server knows the functions')
      return
    }
    const told = { address: address.href, reason: refusal }
    if (attempt === 1) log.warn(told, 'the Inngest server has not taken the functions yet; it is asked again')
    else log.debug(told, 'the Inngest server has not taken the functions yet')
    await delay(wait, undefined, { signal, ref: false }).catch(() => undefined)
    wait = Math.min(2 * wait, LONGEST_WAIT_MS)
  }
}

/** @returns why it was refused; undefined when it was not */
async function register(handler: Handler, address: URL): Promise<string | undefined> {
  try {
    const headers = { host: address.host, 'content-type': 'application/json' }
    const { status, body } = await handler({ method: 'PUT', url: address, headers, body: '{}' })
    return status === 200 ? undefined : `${status} ${body.slice(0, 200)}`
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
