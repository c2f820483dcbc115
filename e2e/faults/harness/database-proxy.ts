import { connect, createServer, type Server, type Socket } from 'node:net'

/** What happens to the bytes of a connection. `black-hole`: they vanish, in both directions, for good. */
type Mode = 'pass' | 'black-hole'

interface Link {
  client: Socket
  server: Socket
  /** application_name of the connection's startup message; unknown until it was sent. */
  name: string | undefined
  mode: Mode
}

/**
 * Stands between the app and PostgreSQL and lets connections die as networks let them: silently, or
 * with a reset. A connection that was black-holed stays dead when the others are healed, as it would
 * behind a router that forgot it.
 */
export class DatabaseProxy {
  readonly #server: Server
  readonly #links = new Set<Link>()
  readonly #swallowed = new Set<string>()
  #target: string
  #refusing = false

  private constructor(server: Server, target: string) {
    this.#server = server
    this.#target = target
  }

  /** @param target connection string of PostgreSQL, over a Unix socket (`?host=/folder`) or TCP */
  static async start(target: string): Promise<DatabaseProxy> {
    const server = createServer()
    const proxy = new DatabaseProxy(server, target)
    server.on('connection', (client) => proxy.#accept(client))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return proxy
  }

  /** The target's connection string, through the proxy. */
  url(target: string): string {
    const url = new URL(target)
    url.searchParams.delete('host')
    url.hostname = '127.0.0.1'
    url.port = String(this.port)
    return url.href
  }

  get port(): number {
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new Error('The proxy does not listen')
    return address.port
  }

  /** Open connections whose application_name is given. */
  count(name: string): number {
    return [...this.#links].filter((link) => link.name === name && link.mode === 'pass').length
  }

  /** From now on nothing gets through: of all connections, or of those with an application_name. */
  blackHole(which = 'all'): void {
    this.#swallowed.add(which)
    for (const link of this.#links) if (which === 'all' || link.name === which) link.mode = 'black-hole'
  }

  /** New connections lead to another server; the open ones stay where they are. */
  lead(target: string): void {
    this.#target = target
  }

  /** New connections work again; those that were black-holed stay silent. */
  heal(): void {
    this.#swallowed.clear()
    this.#refusing = false
  }

  /** Resets the open connections; new ones are refused until heal(). */
  cut(): void {
    this.#refusing = true
    for (const link of this.#links) {
      link.client.resetAndDestroy()
      link.server.destroy()
    }
  }

  async stop(): Promise<void> {
    for (const link of this.#links) {
      link.client.destroy()
      link.server.destroy()
    }
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #accept(client: Socket): void {
    if (this.#refusing) return void client.resetAndDestroy()
    const server = connect(addressOf(this.#target))
    const mode = this.#swallowed.has('all') ? 'black-hole' : 'pass'
    const link: Link = { client, server, name: undefined, mode }
    this.#links.add(link)
    client.on('data', (chunk) => {
      if (link.name === undefined) this.#identify(link, chunk.toString('latin1'))
      if (link.mode === 'pass') server.write(chunk)
    })
    server.on('data', (chunk) => {
      if (link.mode === 'pass') client.write(chunk)
    })
    for (const socket of [client, server]) {
      socket.on('error', () => undefined)
      socket.on('close', () => this.#ended(link, socket))
    }
  }

  #identify(link: Link, startup: string): void {
    const words = startup.split('\0')
    const at = words.indexOf('application_name')
    if (at === -1) return
    link.name = words[at + 1] ?? ''
    if (this.#swallowed.has(link.name)) link.mode = 'black-hole'
  }

  /** A dead network tells neither side that the other has gone. */
  #ended(link: Link, socket: Socket): void {
    if (link.mode === 'pass' || socket === link.client) {
      link.client.destroy()
      link.server.destroy()
      this.#links.delete(link)
    }
  }
}

function addressOf(target: string): { path: string } | { host: string; port: number } {
  const url = new URL(target)
  const port = Number(url.port || 5432)
  const folder = url.searchParams.get('host')
  return folder === null ? { host: url.hostname, port } : { path: `${folder}/.s.PGSQL.${port}` }
}
