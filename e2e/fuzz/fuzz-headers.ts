import { connect } from 'node:net'
import { ODD_HEADERS } from './header-values.ts'
import { inParallel } from './send.ts'
import { ODD_TEXTS } from './texts.ts'

/** Values as bytes, as no client library would send them. */
const VALUES: readonly Buffer[] = [
  ...Object.values(ODD_TEXTS).map((text) => Buffer.from(text.slice(0, 4000))),
  Buffer.from([0x61, 0xed, 0xa0, 0x80]),
  Buffer.from([0xc0, 0x80]),
  Buffer.from([0xff, 0xfe]),
  Buffer.from('a\0b'),
  Buffer.from('a\r\nX-Injected: yes'),
  Buffer.from('a\nX-Injected: yes'),
  Buffer.from('a\rb'),
  Buffer.from('\t \t'),
  Buffer.from(`${'a'.repeat(79)}\u00e9`, 'latin1'),
]

const REQUESTS = [
  'GET /api/prompts?limit=1',
  'GET /api/prompts/zero_shot/render?task_description=a&context=b&expected_output=c',
  'POST /api/render',
  'POST /api/mcp',
  'GET /health',
  'GET /prompts/new',
] as const

const HEADERS = [
  ...ODD_HEADERS,
  'MCP-Protocol-Version',
  'Mcp-Method',
  'Mcp-Name',
  'Transfer-Encoding',
  'Connection',
  'Expect',
]

/**
 * Sends bytes that no text has in every header that anybody reads, over plain sockets.
 * @param step every so many of all combinations
 */
export async function fuzzHeaders(app: { port: number }, width: number, step = 1): Promise<string[]> {
  const all = HEADERS.flatMap((name) => VALUES.map((value) => ({ name, value })))
  const asked = all.filter((_, index) => index % step === 0)
  const faults: string[] = []
  await inParallel(asked, width, async ({ name, value }, index) => {
    const line = REQUESTS[index % REQUESTS.length] ?? REQUESTS[0]
    const answer = await exchangeBytes(app.port, requestBytes(line, name, value))
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1])
    // What is no HTTP may be cut off; a refusal by Node comes without a body.
    const isRight = answer === '' || (status >= 100 && status < 500)
    if (!isRight || /^X-Injected:/im.test(answer))
      faults.push(`${line}, ${name}: ${JSON.stringify(String(value))}: ${answer.slice(0, 300)}`)
  })
  return faults
}

function requestBytes(line: string, name: string, value: Buffer): Buffer {
  const body = line.startsWith('POST') ? '{"template_content": "a"}' : ''
  const own = `${name}: `.toLowerCase()
  const usual = [
    'Host: localhost',
    ...(body === '' ? [] : ['Content-Type: application/json', `Content-Length: ${body.length}`]),
  ]
  const head = [
    `${line} HTTP/1.1`,
    ...usual.filter((each) => !each.toLowerCase().startsWith(own)),
    'Connection: close',
  ]
  return Buffer.concat([
    Buffer.from(`${head.join('\r\n')}\r\n${name}: `),
    value,
    Buffer.from(`\r\n\r\n${body}`),
  ])
}

const ANSWER_MS = 10_000

/** All that is answered; empty when the connection is cut off. */
function exchangeBytes(port: number, bytes: Buffer): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    const done = () => resolve(Buffer.concat(chunks).toString('latin1'))
    const socket = connect(port, '127.0.0.1', () => socket.end(bytes))
    // One that waits for more, as a false Transfer-Encoding has it, is not waited for.
    socket.setTimeout(ANSWER_MS, () => socket.destroy())
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    socket.once('error', done)
    socket.once('close', done)
  })
}
