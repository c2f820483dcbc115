import { createServer } from 'node:http'

// The baseline: what Node's http server does at best. Reads the request and sends bytes that are ready,
// the same number that the product sends. Started as a process of its own with the number of bytes.

const bytes = Buffer.alloc(Number(process.argv[2]), 'x')

const server = createServer((request, response) => {
  request.on('data', () => undefined)
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length })
    response.end(bytes)
  })
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (typeof address === 'object') process.send?.({ port: address?.port })
})
process.on('disconnect', () => process.exit(0))
