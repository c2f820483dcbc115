import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { printWhereToGo } from './where-to-go.mjs'

let ready: Server
let dataDir: string
let answer: string
beforeEach(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'incipit-where-'))
  answer = '{"status":"ready"}'
  ready = createServer((_request, response) => response.end(answer))
  await new Promise<void>((resolve) => void ready.listen(0, '127.0.0.1', resolve))
})
afterEach(() => {
  vi.restoreAllMocks()
  ready.close()
  rmSync(dataDir, { recursive: true })
})

async function printed() {
  const out = vi.spyOn(console, 'log').mockReturnValue()
  const errors = vi.spyOn(console, 'error').mockReturnValue()
  const { port } = ready.address() as AddressInfo
  await printWhereToGo({ host: '127.0.0.1', port, dataDir, started: 0, until: new Promise(() => undefined) })
  return { out: out.mock.calls.join(''), errors: errors.mock.calls.join('') }
}

it('prints the link to the set-up page to stdout, where there is one', async () => {
  writeFileSync(path.join(dataDir, 'set-up-link'), 'https://prompts.example.org/set-up#secret\n')
  const { out, errors } = await printed()
  expect(out).toContain('  Set up   https://prompts.example.org/set-up#secret\n')
  expect(errors).toContain('Incipit is ready')
  expect(errors).not.toContain('secret')
})

it('leaves stdout to the log where there is none', async () => {
  expect((await printed()).out).toBe('')
})

it('offers something to try where nobody has to sign in', async () => {
  expect((await printed()).errors).not.toContain('curl')
  answer = '{"status":"ready","checks":{"start":"done"}}'
  expect((await printed()).errors).toMatch(/Agents .*\n {2}Try {6}curl 'http/)
})
