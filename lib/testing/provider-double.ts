import { startProviderDouble } from './provider-double/server.ts'

// A process of its own: `node lib/testing/provider-double.ts [port]` prints its address and serves until it is ended.
const double = await startProviderDouble(Number(process.argv[2] ?? 0))
process.stdout.write(`${double.url}\n`)
