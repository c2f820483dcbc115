import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js'

/** Real OAuth clients, and the parts that they have on their user's machine. */

/** The address on this machine at which a program waits for its code. */
export interface Callback {
  readonly url: string
  /** The parameters of the next answer. */
  readonly answer: () => Promise<Record<string, string>>
  close(): void
}

export async function waitForCode(): Promise<Callback> {
  const answers: Record<string, string>[] = []
  const waiting: ((answer: Record<string, string>) => void)[] = []
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    response.end('<title>Done</title>You can close this window.')
    if (pathname !== '/callback') return
    const answer = Object.fromEntries(searchParams)
    const taker = waiting.shift()
    if (taker === undefined) answers.push(answer)
    else taker(answer)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return {
    url: `http://127.0.0.1:${port}/callback`,
    answer: () => {
      const answer = answers.shift()
      return answer === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(answer)
    },
    close: () => void server.close(),
  }
}

/** What a client of the SDKs keeps; `asked` are the addresses that it wanted a browser to open. */
export type KeptBySdk = OAuthClientProvider & { readonly asked: URL[] }

/** The memory of a client of the SDKs, of either generation. */
export function sdkProvider(redirectUrl: string, name: string): KeptBySdk {
  const asked: URL[] = []
  let client: Awaited<ReturnType<OAuthClientProvider['clientInformation']>>
  let tokens: Awaited<ReturnType<OAuthClientProvider['tokens']>>
  let verifier = ''
  return {
    asked,
    redirectUrl,
    clientMetadata: {
      client_name: name,
      redirect_uris: [redirectUrl],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    },
    state: () => `state of ${name}`,
    clientInformation: () => client,
    saveClientInformation: (information) => void (client = information),
    tokens: () => tokens,
    saveTokens: (given) => void (tokens = given),
    redirectToAuthorization: (url) => void asked.push(url),
    saveCodeVerifier: (text) => void (verifier = text),
    codeVerifier: () => verifier,
    invalidateCredentials(what) {
      if (what === 'tokens' || what === 'all') tokens = undefined
      if (what === 'client' || what === 'all') client = undefined
    },
  }
}

/** A program that opens a browser and goes on when its code has come. */
export interface Program {
  readonly process: ChildProcess
  /** Waits until it has printed something, and answers the first match. */
  printed(pattern: RegExp): Promise<string>
  stop(): Promise<void>
}

/** Starts a program of node_modules with a home of its own, in which no browser opens. */
export async function startProgram(file: string, args: readonly string[]): Promise<Program> {
  const home = await mkdtemp(path.join(tmpdir(), 'incipit-client-'))
  const child = spawn(process.execPath, [file, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      ...process.env,
      HOME: home,
      MCP_REMOTE_CONFIG_DIR: home,
      MCP_AUTO_OPEN_ENABLED: 'true',
      PATH: '/nowhere',
    },
  })
  let output = ''
  const listeners = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      for (const listener of listeners) listener()
    })
  return {
    process: child,
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const [found] = pattern.exec(output) ?? []
          if (found === undefined) return
          listeners.delete(look)
          resolve(found)
        }
        listeners.add(look)
        child.once('exit', (code) => reject(new Error(`it ended with ${code} and had printed:\n${output}`)))
        look()
      }),
    async stop() {
      if (child.exitCode === null) {
        child.kill()
        await once(child, 'exit')
      }
      await rm(home, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** The file of a package's program. */
export function programOf(name: string, file: string): string {
  const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`)
  return path.join(path.dirname(manifest), file)
}
