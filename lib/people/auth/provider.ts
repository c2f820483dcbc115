import type { ClientAuth, Configuration, CustomFetch } from 'openid-client'
import { createOutgoing } from '../../ai/calls/guarded-fetch.ts'
import { appError } from '../../errors.ts'
import { getRuntime, type Runtime } from '../../runtime.ts'

/** The provider of single sign-on, as its metadata describes it. */
export interface Provider {
  readonly issuer: string
  readonly configuration: Configuration
}

/** Loaded at the first use: most servers never need it. */
export const openid = () => import('openid-client')

/** Metadata and keys are read anew after this time. */
const KEPT_MS = 3_600_000
const TIMEOUT_SECONDS = 10
/** Most bytes of one answer of a provider. */
const ANSWER_BYTES = 1_048_576

interface Holder {
  readonly fetch: CustomFetch
  found: Promise<Provider> | undefined
  at: number
}

/**
 * The configured provider. A failure is not kept: the next sign-in asks again.
 * @throws not_found when none is configured, upstream_failed
 */
export async function findProvider(): Promise<Provider> {
  const held = getRuntime().once('people.provider', createHolder)
  if (held.found === undefined || performance.now() - held.at > KEPT_MS) {
    held.at = performance.now()
    held.found = discover(held.fetch)
  }
  try {
    return await held.found
  } catch (error) {
    held.found = undefined
    throw error
  }
}

/** The settings of single sign-on. @throws not_found */
export function singleSignOn() {
  const settings = getRuntime().config.security.single_sign_on
  if (settings === undefined) throw appError('not_found', 'This server has no single sign-on.')
  return settings
}

/** The configuration names the provider, so its host may be private; redirects and other networks stay closed. */
function createHolder(runtime: Runtime): Holder {
  const { config } = runtime
  const { hostname } = new URL(singleSignOn().issuer)
  const allowed_hosts = [...config.ai.allowed_hosts, hostname.replace(/^\[|\]$/g, '')]
  const outgoing = createOutgoing({ ...config, ai: { ...config.ai, allowed_hosts } })
  runtime.onShutdown('close', 'connections to the provider of single sign-on', () => outgoing.close())
  return {
    found: undefined,
    at: 0,
    fetch: async (url, { body, method, headers, signal }) => {
      let bytes = 0
      const watch = {
        received(piece: Uint8Array) {
          bytes += piece.byteLength
          if (bytes > ANSWER_BYTES) throw new Error('The provider answers too much.')
        },
      }
      // What is sent is a form or nothing.
      const text = body instanceof URLSearchParams ? body.toString() : null
      const init = { method, headers, body: text, ...(signal !== undefined && { signal }) }
      return outgoing.fetchFor(watch)(url, init)
    },
  }
}

async function discover(fetch: CustomFetch): Promise<Provider> {
  const { issuer, client_id } = singleSignOn()
  const { allowInsecureRequests, customFetch, discovery, enableNonRepudiationChecks } = await openid()
  const url = new URL(issuer)
  // Plain http is for a provider on this machine or in a private network, which the operator named.
  const execute = [enableNonRepudiationChecks, ...(url.protocol === 'http:' ? [allowInsecureRequests] : [])]
  try {
    const options = { [customFetch]: fetch, execute, timeout: TIMEOUT_SECONDS }
    const configuration = await discovery(url, client_id, {}, await clientAuthentication(), options)
    return { issuer: configuration.serverMetadata().issuer, configuration }
  } catch (error) {
    getRuntime().log.warn({ err: error, issuer }, 'the provider of single sign-on cannot be asked')
    throw appError('upstream_failed', 'The provider of single sign-on cannot be asked at the moment.', {
      cause: error,
      retryAfter: 10,
    })
  }
}

/** As the provider wants it: in the header unless it names the body alone. */
async function clientAuthentication(): Promise<ClientAuth> {
  const { ClientSecretBasic, ClientSecretPost, None } = await openid()
  const secret = getRuntime().config.keys.singleSignOn
  if (secret === undefined) return None()
  const [basic, post] = [ClientSecretBasic(secret), ClientSecretPost(secret)]
  return (server, client, body, headers) => {
    const { token_endpoint_auth_methods_supported: methods = ['client_secret_basic'] } = server
    const authenticate = methods.includes('client_secret_basic') ? basic : post
    return authenticate(server, client, body, headers)
  }
}
