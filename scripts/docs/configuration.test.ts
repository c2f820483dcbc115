import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { withTables } from './configuration.ts'

it('docs/configuration.md lists every key as the schema has it', () => {
  const document = readFileSync(path.resolve(import.meta.dirname, '../../docs/configuration.md'), 'utf8')
  expect(withTables(document)).toBe(document)
})
