import { connect, type Socket } from 'node:net'

/** One answer as it stood on the wire. */
export interface RawAnswer {
  status: number
  /** By lower-case name. */
  headers: Record<string, string>
  body: string
}

/**
 * Writes a text to an app and reads until the server closes, so end it with a request that says
 * `Connection: close`, or with something that the server ends by itself.
 */
export function sendRaw(app: { port: number }, text: string | Uint8Array): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const socket: Socket = connect(app.port, '127.0.0.1', () => void socket.write(text))
    socket.on('data', (chunk: Buffer) => void chunks.push(chunk))
    socket.on('error', reject)
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')))
  })
}

/** Writes a text to an app, reads what comes first and leaves. */
export function firstBytes(app: { port: number }, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(app.port, '127.0.0.1', () => void socket.write(text))
    socket.once('data', (data: Buffer) => {
      resolve(data.toString('latin1'))
      socket.destroy()
    })
    socket.once('error', reject)
  })
}

/** Sends one message and reads its one answer. */
export async function exchangeRaw(app: { port: number }, text: string | Uint8Array): Promise<RawAnswer> {
  const [answer, ...more] = readAnswers(await sendRaw(app, text))
  if (answer === undefined || more.length > 0) throw new Error(`${more.length} answers more than one`)
  return answer
}

/** Takes a connection's text apart into the answers with a Content-Length that it holds. */
export function readAnswers(text: string): RawAnswer[] {
  const answers: RawAnswer[] = []
  let rest = text
  while (rest !== '') {
    const end = rest.indexOf('\r\n\r\n')
    const [first = '', ...lines] = rest.slice(0, end).split('\r\n')
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1])
    if (end === -1 || Number.isNaN(status)) throw new Error(`no HTTP answer: ${rest.slice(0, 200)}`)
    const headers = Object.fromEntries(
      lines.map((line) => [
        line.slice(0, line.indexOf(':')).toLowerCase(),
        line.slice(line.indexOf(':') + 1).trim(),
      ]),
    )
    // What has no length goes on to the end of the connection.
    const length = Number(headers['content-length'] ?? (status < 200 || status === 304 ? 0 : rest.length))
    answers.push({ status, headers, body: rest.slice(end + 4, end + 4 + length) })
    rest = rest.slice(end + 4 + length)
  }
  return answers
}
