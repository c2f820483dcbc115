import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, it } from 'vitest'

const MAIN = path.join(import.meta.dirname, 'main.ts')

let folder: string
let server: Server
let asked: string[]
let answer: { type: string; text: string }
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'incipit-cli-'))
  asked = []
  answer = { type: 'application/json', text: '{"items":[],"next_cursor":null}' }
  server = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.writeHead(200, { 'content-type': answer.type }).end(answer.text)
  })
  // A proxy that leads everything to this server.
  server.on('connect', (request, socket) => {
    asked.push(`CONNECT ${request.url}`)
    socket.write('HTTP/1.1 200 Connected\r\n\r\n')
    server.emit('connection', socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterEach(async () => {
  server.closeAllConnections()
  server.close()
  await rm(folder, { recursive: true })
})

const own = () => `http://127.0.0.1:${(server.address() as { port: number }).port}`

/** Runs the command line as it stands here, in a folder of its own. */
async function run(args: string[], env: Record<string, string> = {}) {
  const options = {
    cwd: folder,
    env: { NODE_ENV: 'test' as const, PATH: process.env['PATH'], XDG_CONFIG_HOME: folder, ...env },
  }
  try {
    const done = await promisify(execFile)(process.execPath, [MAIN, ...args], options)
    return { code: 0, ...done }
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string }
  }
}

it('goes through the proxy of the environment, but for addresses that are left out of it', async () => {
  const env = { HTTP_PROXY: own(), NO_PROXY: '127.0.0.1' }
  expect(await run(['pull', '--url', 'http://prompts.test'], env)).toMatchObject({ code: 0 })
  expect(asked.join()).toContain('prompts.test')
  asked = []
  expect(await run(['pull', '--url', own()], env)).toMatchObject({ code: 0 })
  expect(asked).toEqual([expect.stringMatching(/^\/api\/prompts/)])
})

it.each([
  ['a page of something else', 'text/html', '<html>Welcome</html>', 'answered what is no JSON (text/html)'],
  ['JSON of something else', 'application/json', '{"hello":1}', 'not as Incipit does'],
])('says what stands at an address in place of an instance: %s', async (_, type, text, message) => {
  answer = { type, text }
  const told = await run(['pull', '--url', own(), '--json'])
  expect(told).toMatchObject({ code: 3 })
  expect(told.stderr).toContain(message)
  expect(told.stderr).not.toContain('    at ')
  expect(JSON.parse(told.stdout)).toMatchObject({ error: { code: 'unexpected_answer' } })
})

it('says of a file in words what the system says, and leaves nothing behind', async () => {
  const missing = await run(['import', 'nowhere', '--url', own()])
  expect(missing).toMatchObject({ code: 2, stderr: expect.stringMatching(/nowhere is not there \(ENOENT\)/) })
  const slip = await run(['check', 'nowhere.md', '--offline'])
  expect(slip).toMatchObject({ code: 2, stderr: 'There is no file nowhere.md.\n' })
  await writeFile(path.join(folder, 'taken'), '')
  const wrong = await run(['pull', '--url', own(), '--dir', 'taken/below', '--json'])
  expect(wrong.code).toBeLessThanOrEqual(2)
  expect(await readdir(folder)).toEqual(['taken'])
})
