import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

// A collector that takes everything and keeps nothing. It tells its address to who forked it.
const server = createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'))
})
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  process.send?.(`http://127.0.0.1:${port}`)
})
