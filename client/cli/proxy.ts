import * as http from 'node:http'
import { proxyIsSet } from '../environment.ts'

/** Newer versions of Node can do it; older ones go through a proxy when they are started with NODE_USE_ENV_PROXY=1. */
const setProxy: unknown = Reflect.get(http, 'setGlobalProxyFromEnv')

/** Sends what the command line sends by HTTP_PROXY, HTTPS_PROXY and NO_PROXY, as other programs do. */
export function useProxy(): void {
  if (!proxyIsSet() || typeof setProxy !== 'function') return
  try {
    setProxy()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    process.stderr.write(`HTTP_PROXY or HTTPS_PROXY is no address of a proxy, and is left out: ${reason}\n`)
  }
}

/** Whether there is a proxy that this version of Node goes past. */
export function proxyIsUnused(): boolean {
  return proxyIsSet() && typeof setProxy !== 'function'
}

export const PROXY_HINT =
  'This version of Node goes past HTTP_PROXY and HTTPS_PROXY: newer ones (24.14 on) go through them.'
