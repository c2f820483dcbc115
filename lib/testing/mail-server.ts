import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'

/** A mail as the server took it. */
export interface TakenMail {
  from: string
  to: string
  text: string
}

/** A server that speaks enough of SMTP to take mails. */
export interface MailServer {
  port: number
  mails: TakenMail[]
  /** Addresses that are refused from now on. */
  refused: Set<string>
  /** Waits until so many mails have come. */
  taken(count: number): Promise<void>
  close(): Promise<void>
}

/** Starts one on a free port. */
export async function mailServer(): Promise<MailServer> {
  const mails: TakenMail[] = []
  const refused = new Set<string>()
  const waiting: { count: number; resolve: () => void }[] = []
  const sockets = new Set<Socket>()
  const take = (mail: TakenMail) => {
    mails.push(mail)
    for (const { count, resolve } of waiting) if (mails.length >= count) resolve()
  }
  const server = createServer((socket) => {
    sockets.add(socket)
    converse(socket, refused, take)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    port: address !== null && typeof address === 'object' ? address.port : 0,
    mails,
    refused,
    taken(count) {
      if (mails.length >= count) return Promise.resolve()
      return new Promise((resolve) => void waiting.push({ count, resolve }))
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

function converse(socket: Socket, refused: ReadonlySet<string>, take: (mail: TakenMail) => void): void {
  let buffer = ''
  let mail = { from: '', to: '', text: '' }
  let isData = false
  const answer = (line: string) => socket.write(`${line}\r\n`)
  socket.setEncoding('utf8')
  socket.on('error', () => undefined)
  answer('220 mail.test')
  const hear = (line: string) => {
    const argument = /<([^>]*)>/.exec(line)?.[1] ?? ''
    const verb = line.slice(0, 4).toUpperCase()
    if (verb === 'MAIL') mail = { from: argument, to: '', text: '' }
    if (verb === 'RCPT' && refused.has(argument)) return answer('550 no such mailbox')
    if (verb === 'RCPT') mail.to = argument
    if (verb === 'DATA') isData = true
    if (verb === 'QUIT') return socket.end('221 bye\r\n')
    return answer(isData ? '354 go on' : '250 fine')
  }
  socket.on('data', (chunk) => {
    buffer += String(chunk)
    for (;;) {
      const end = buffer.indexOf(isData ? '\r\n.\r\n' : '\r\n')
      if (end === -1) return
      const part = buffer.slice(0, end)
      buffer = buffer.slice(end + (isData ? 5 : 2))
      if (!isData) {
        hear(part)
        continue
      }
      isData = false
      take({ ...mail, text: part })
      answer('250 taken')
    }
  })
}
