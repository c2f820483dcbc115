import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, it } from 'vitest'
import { withClients } from './mcp-clients.ts'

it('docs/connect.md says of clients what the page Connect says', async () => {
  const document = await readFile(path.resolve(import.meta.dirname, '../../docs/connect.md'), 'utf8')
  expect(document).toBe(withClients(document))
})
