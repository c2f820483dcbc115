import net from 'node:net'

/** One answer: its status and how many bytes its body had. The body itself only when asked for. */
export interface Answer {
  status: number
  bytes: number
  body: Buffer | undefined
}

const HEAD_END = Buffer.from('\r\n\r\n')
const LAST_CHUNK = Buffer.from('0\r\n\r\n')

/**
 * A keep-alive HTTP/1.1 connection that does as little as it can, so that on a small machine the load
 * costs less than what it measures. One request at a time; answers with Content-Length or chunks.
 */
export class LoadConnection {
  readonly #socket: net.Socket
  #received: Buffer = Buffer.alloc(0)
  #settle: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined
  #keepBody = false

  private constructor(socket: net.Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('data', (chunk: Buffer) => this.#receive(chunk))
    socket.on('error', (error) => this.#fail(error))
    socket.on('close', () => this.#fail(new Error('the server closed the connection')))
  }

  static open(url: URL): Promise<LoadConnection> {
    return new Promise((resolve, reject) => {
      const socket = net.connect(Number(url.port), url.hostname)
      socket.once('connect', () => resolve(new LoadConnection(socket)))
      socket.once('error', reject)
    })
  }

  /** Sends a ready request and resolves with its answer. */
  send(request: Buffer, keepBody = false): Promise<Answer> {
    this.#keepBody = keepBody
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) return reject(new Error('the server has closed the connection'))
      this.#settle = { resolve, reject }
      this.#socket.write(request)
    })
  }

  close(): void {
    this.#socket.destroy()
  }

  #receive(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk])
    const headEnd = this.#received.indexOf(HEAD_END)
    if (headEnd < 0) return
    const head = this.#received.toString('latin1', 0, headEnd)
    const start = headEnd + HEAD_END.length
    const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1]
    const end = length === undefined ? this.#chunkedEnd(start) : start + Number(length)
    if (end === undefined || this.#received.length < end) return
    const answer: Answer = {
      status: Number(head.slice(9, 12)),
      bytes: end - start,
      body: this.#keepBody ? Buffer.from(this.#received.subarray(start, end)) : undefined,
    }
    this.#received = this.#received.subarray(end)
    const settle = this.#settle
    this.#settle = undefined
    settle?.resolve(answer)
  }

  /** Only one answer is under way, so the last chunk stands at the end of what was received. */
  #chunkedEnd(start: number): number | undefined {
    const tail = this.#received.subarray(Math.max(start, this.#received.length - LAST_CHUNK.length))
    return tail.equals(LAST_CHUNK) ? this.#received.length : undefined
  }

  #fail(error: Error): void {
    const settle = this.#settle
    this.#settle = undefined
    settle?.reject(error)
  }
}
