import { type EmbeddedRunner, embeddedClientOptions } from '@incipit/inngest-embedded'
import { Inngest, type LogArg, type Logger } from 'inngest'
import type { LoadedConfig } from '#lib/config/load.ts'
import type { Log } from '#lib/log.ts'
import { getRuntime } from '#lib/runtime.ts'
import { CountRuns } from './count-runs.ts'
import { inngestMode } from './mode.ts'

const APP_ID = 'incipit'

/** The one client of this process, made at its first use. Connects to nothing. */
export function inngestClient(): Inngest.Any {
  return getRuntime().once('inngest.client', ({ config, log }) => {
    const own = log.child({ part: 'inngest' })
    return inngestMode(config) === 'embedded' ? embeddedClient(own) : serverClient(config, own)
  })
}

/** What the embedded mode shares between the copies of the code. */
export interface Embedded {
  /** Set by start.ts. */
  runner: EmbeddedRunner | undefined
}

export function embedded(): Embedded {
  return getRuntime().once('inngest.embedded', () => ({ runner: undefined }))
}

function embeddedClient(log: Log): Inngest.Any {
  return new Inngest({ ...common(log), ...embeddedClientOptions(() => embedded().runner) })
}

function serverClient({ inngestServer, inngest }: LoadedConfig, log: Log): Inngest.Any {
  const { baseUrl, eventKey, signingKey, signingKeyFallback, isDev } = inngestServer
  return new Inngest({
    ...common(log),
    isDev,
    baseUrl,
    eventKey,
    signingKey,
    signingKeyFallback,
    fetch: (input, init) => {
      // A server that takes connections and does not answer holds no event and no registration for minutes.
      const { pathname } = new URL(input instanceof Request ? input.url : input)
      const isShort = /^\/(?:e|fn)\//.test(pathname)
      return fetch(input, isShort ? { ...init, signal: AbortSignal.timeout(inngest.send_ms) } : init)
    },
  })
}

/** Tracing of models' answers and sessions of events are the SDK's; nothing here reads them. */
function common(log: Log) {
  return {
    id: APP_ID,
    middleware: [CountRuns],
    logger: log,
    internalLogger: quietly(log),
    aiMetadata: false,
    sessionPropagation: false,
  }
}

/** A call that is not signed is answered with 401; anybody could fill the log with them. */
function quietly(log: Log): Logger {
  return {
    debug: (fields: LogArg, message?: LogArg) => log.debug(fields, told(message)),
    info: (fields: LogArg, message?: LogArg) => log.info(fields, told(message)),
    warn: (fields: LogArg, message?: LogArg) => log.warn(fields, told(message)),
    error: (fields: LogArg, message?: LogArg) => {
      if (message === 'Signature validation failed') log.debug(fields, message)
      else log.error(fields, told(message))
    },
  }
}

function told(message: LogArg): string | undefined {
  return typeof message === 'string' ? message : undefined
}
