import { createHash, createSign, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Claims that the double puts into an ID token besides its own. */
export type Claims = Record<string, unknown>

interface Grant {
  query: URLSearchParams
  claims: Claims
}

/** An OpenID Connect provider over real HTTP, which signs in whom the test says, and can be made to lie. */
export class OidcDouble {
  /** Who comes to be signed in next. */
  person: Claims = {}
  /** Changes an ID token before it is signed. */
  lie: (claims: Claims) => Claims = (claims) => claims
  /** Signs with a key that the metadata does not have. */
  forges = false
  /** What it was asked for last. */
  asked = new URLSearchParams()
  readonly secret = 'provider secret'
  readonly #server: Server
  readonly #grants = new Map<string, Grant>()
  readonly #own = keyPair()
  readonly #other = keyPair()

  private constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response))
  }

  static async start(): Promise<OidcDouble> {
    const double = new OidcDouble()
    await new Promise<void>((resolve) => void double.#server.listen(0, '127.0.0.1', resolve))
    return double
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => void this.#server.close(resolve))
  }

  /** A browser that follows the link, and consents: the query that it comes back with. */
  async visit(url: string): Promise<string> {
    const answer = await fetch(url, { redirect: 'manual' })
    return new URL(answer.headers.get('location') ?? '').search
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.issuer)
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return json(response, 200, this.#metadata())
      case '/jwks':
        return json(response, 200, {
          keys: [{ ...this.#own.publicKey.export({ format: 'jwk' }), kid: 'own', alg: 'RS256', use: 'sig' }],
        })
      case '/authorize':
        return this.#authorize(url.searchParams, response)
      case '/token':
        return this.#token(request, new URLSearchParams(await textOf(request)), response)
      default:
        return json(response, 404, {})
    }
  }

  #metadata() {
    const { issuer } = this
    return {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
    }
  }

  #authorize(query: URLSearchParams, response: ServerResponse): void {
    this.asked = query
    const code = randomUUID()
    this.#grants.set(code, { query, claims: this.person })
    const back = new URL(query.get('redirect_uri') ?? '')
    const state = query.get('state') ?? ''
    back.search = new URLSearchParams({ code, state, iss: this.issuer }).toString()
    response.writeHead(302, { location: back.href }).end()
  }

  #token(request: IncomingMessage, form: URLSearchParams, response: ServerResponse): void {
    const grant = this.#grants.get(form.get('code') ?? '')
    this.#grants.delete(form.get('code') ?? '')
    const verifier = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    const client = grant?.query.get('client_id') ?? ''
    const basic = Buffer.from(`${client}:${encodeURIComponent(this.secret).replaceAll('%20', '+')}`)
    if (request.headers.authorization !== `Basic ${basic.toString('base64')}`)
      return json(response, 401, { error: 'invalid_client' })
    const { query, claims } = grant ?? { query: new URLSearchParams(), claims: {} }
    if (
      grant === undefined ||
      verifier !== query.get('code_challenge') ||
      query.get('redirect_uri') !== form.get('redirect_uri')
    )
      return json(response, 400, { error: 'invalid_grant' })
    const now = Math.floor(Date.now() / 1000)
    const own = { iss: this.issuer, aud: client, iat: now, exp: now + 60, nonce: query.get('nonce') }
    const id_token = this.#sign(this.lie({ ...own, ...claims }))
    json(response, 200, { access_token: randomUUID(), token_type: 'Bearer', expires_in: 60, id_token })
  }

  #sign(claims: Claims): string {
    const [head, body] = [{ alg: 'RS256', kid: 'own' }, claims].map((part) =>
      Buffer.from(JSON.stringify(part)).toString('base64url'),
    )
    const { privateKey } = this.forges ? this.#other : this.#own
    return `${head}.${body}.${createSign('sha256').update(`${head}.${body}`).sign(privateKey, 'base64url')}`
  }
}

function keyPair(): { publicKey: KeyObject; privateKey: KeyObject } {
  return generateKeyPairSync('rsa', { modulusLength: 2048 })
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part)
  return Buffer.concat(parts).toString()
}
