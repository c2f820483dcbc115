import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type TestRuntime, testRuntime } from '../../testing/runtime.ts'
import { bringTo, file } from '../testing.ts'

// A thread loads the module by itself, from its source: here nobody reads.
vi.mock('../formats/index.ts', async (original) => ({
  ...(await original<object>()),
  readSources: () => {
    throw new Error('Files were read on the thread that answers requests.')
  },
}))

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime()
})
afterAll(() => app.close())

it('no file is read on the thread that answers requests, however small an import is', async () => {
  const answer = await bringTo(app)({
    'a.md': file('name: a', 'Text'),
    'bomb.md': file(`name: bomb\nx: ${'['.repeat(90_000)}`, 'Text'),
  })
  expect(answer.items.find(({ name }) => name === 'a')).toMatchObject({ action: 'create' })
})
