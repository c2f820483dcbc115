import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { registeredMetrics } from '../monitoring/registered.ts'
import { withMetrics } from './metrics.ts'

it('docs/operating.md lists every metric as it is registered', async () => {
  const document = readFileSync(path.resolve(import.meta.dirname, '../../docs/operating.md'), 'utf8')
  expect(withMetrics(document, await registeredMetrics())).toBe(document)
})
