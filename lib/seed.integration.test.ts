import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { patchPrompt } from './prompts/operations/patch-prompt.ts'
import { renderPrompt } from './prompts/operations/render-prompt.ts'
import { seedMissing, seedOnce } from './seed.ts'
import { type TestRuntime, testRuntime } from './testing/runtime.ts'

let app: TestRuntime

beforeAll(async () => {
  app = await testRuntime()
})
afterAll(() => app.close())

describe('the seed', () => {
  it('is added once, even by instances that start at the same moment', async () => {
    const added = await Promise.all([seedOnce(), seedOnce(), seedOnce()])
    expect(added.toSorted((a, b) => a - b)).toEqual([0, 0, 19])
    expect(await app.runtime.database.primary.prisma.promptTemplate.count()).toBe(13)
  })

  it('renders by the alias of the original example', async () => {
    const rendered = await renderPrompt(app.actor(), {
      name: 'business_logic',
      variables: { business_domain: 'ecommerce', requirements: 'user authentication' },
    })
    expect(rendered.name).toBe('business_logic_implementation')
    expect(rendered.content).toContain('ecommerce')
  })

  it('does not come back after it was changed', async () => {
    const { prisma } = app.runtime.database.primary
    const { id, revision } = await prisma.promptTemplate.findFirstOrThrow({
      where: { name: 'documentation' },
    })
    await patchPrompt(app.actor(), {
      current_name: 'documentation',
      archived: true,
      if_match: `"${id.slice(-8)}-${revision}"`,
    })
    expect(await seedOnce()).toBe(0)
    expect(await seedMissing()).toBe(0)
  })
})
