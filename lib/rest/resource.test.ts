import { describe, expect, it } from 'vitest'
import { RESOURCES } from './table.ts'

/** Method and operation of what is behind a path. */
const behind = (path: string) =>
  [...(RESOURCES.find(path)?.endpoints ?? [])].map(([method, { contract }]) => `${method} ${contract.id}`)

describe('the table of routes', () => {
  it('finds a path with its parameters', () => {
    expect(behind('/api/prompts/zero_shot/versions/3')).toEqual(['GET getVersion'])
    expect(behind('/api/prompts/a%20b/render')).toEqual(['GET renderPromptByQuery', 'POST renderPrompt'])
    expect(RESOURCES.find('/api/prompts')?.allow).toBe('GET, POST, HEAD, OPTIONS')
  })

  it('leaves to a name what its word does not do: a prompt may be called "bulk"', () => {
    expect(behind('/api/prompts/bulk')).toEqual([
      'GET getPrompt',
      'PATCH patchPrompt',
      'DELETE archivePrompt',
      'POST bulkPrompts',
    ])
    expect(behind('/api/generations/batch')).toEqual([
      'GET listGenerationBatches',
      'POST requestGenerationBatch',
    ])
  })

  it.each([
    '/api',
    '/api/prompts/',
    '/api//prompts',
    '/api/prompts/../render',
    '/api/prompts/a/render/b',
    '/api/nothing',
    '/api/mcp',
    '/health',
  ])('has nothing at %s', (path) => {
    expect(RESOURCES.find(path)).toBeUndefined()
  })
})
