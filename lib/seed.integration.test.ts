import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadSeed } from '../prisma/seed/load.ts'
import { systemActor } from './access/local-actor.ts'
import { createCategory } from './categories/operations/create-category.ts'
import { createPrompt } from './prompts/operations/create-prompt.ts'
import { patchPrompt } from './prompts/operations/patch-prompt.ts'
import { renderPrompt } from './prompts/operations/render-prompt.ts'
import { CreatePromptInput } from './prompts/schema.ts'
import { seedMissing, seedOnce } from './seed.ts'
import { type TestRuntime, testRuntime } from './testing/runtime.ts'

let app: TestRuntime

beforeAll(async () => {
  app = await testRuntime()
})
afterAll(() => app.close())

describe('the seed', () => {
  it('goes on where a start that was killed had stopped', async () => {
    const { categories, prompts } = await loadSeed(app.runtime.config.root)
    const actor = systemActor(app.identity)
    for (const category of categories) await createCategory(actor, category)
    for (const prompt of prompts.slice(0, 2)) await createPrompt(actor, CreatePromptInput.parse(prompt))
    expect(await seedOnce()).toBe(11)
    expect(await app.runtime.database.primary.prisma.promptTemplate.count()).toBe(13)
    expect(await seedOnce()).toBe(0)
    await app.close()
    app = await testRuntime()
  })

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
