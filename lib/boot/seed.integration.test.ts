import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemActor } from '../access/identify.ts'
import { createCategory } from '../categories/operations/create-category.ts'
import { createPrompt } from '../prompts/operations/create-prompt.ts'
import { patchPrompt } from '../prompts/operations/patch-prompt.ts'
import { renderPrompt } from '../prompts/operations/render-prompt.ts'
import { CreatePromptInput } from '../prompts/schema.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { loadSeed } from './load-seed.ts'
import { seedMissing, seedOnce } from './seed.ts'

let app: TestRuntime

beforeAll(async () => {
  app = await testRuntime()
})
afterAll(() => app.close())

/** Of the first release: a checksum never changes, whatever fields versions get. */
const CHECKSUMS: Record<string, string> = {
  api_design: '4e90d69e1d2b7a93b6c1c85d8e6b4c4a19f3cb2fece8e0221c23df22dae60b1e',
  business_logic_implementation: 'f3330341b911cbc200789504dbeedb1c307dc1399fb24b9bd13dc291ea9b4515',
  chain_of_thought: '4b3443f5c939cdb46820c404126e840f08ef0b4ddf455764c9613122f6df19df',
  database_schema_design: 'e51d2d7ab5cf065193c9c40651084d9fc533b364217cec7eccbb84d87912e1bc',
  documentation: '7e0347889a34a23753200a207dad1164d77d29ac0e4dbf68c06061418584303e',
  few_shot: 'f500b14aeff6d5cc6b423296d9b0e7ac9b33e2c9c6c940d150724f53593cd3dc',
  meta_prompting: 'd00646daf5df4917c325e0a08168e554ab8771315857c4a793e7f7af2995d2e3',
  prompt_chaining: 'd1d9894d4ec04f3d48cebc4d6ff626d41529d154548f11ec0dcf27e94b57fc8b',
  react: 'a77088db11f2668b7b7f5047b044bdf810f1a22894e82604895e9a2737f71cee',
  self_consistency: '4291710789f5bd4f8bca31e9dee05c39b89313620fa527cba6aa75655513987e',
  testing_strategy: '81f816b845053f21a6d161f9f8a828d64c3aeaa83ff20432cc150bfea78201a2',
  tree_of_thoughts: '9ef64b3ee48c39321757e92e98a477a26ae837dd5048b624c714cc6b85eb9e4d',
  zero_shot: '4fe2360885b6926c87fbf8a515d31833d7b0fd0a6c404d6d4f7067511ca395a0',
}

const inWorkspace = () => ({ workspace_id: app.identity.workspaceId })

describe('the seed', () => {
  it('goes on where a start that was killed had stopped', async () => {
    const { categories, prompts } = await loadSeed(app.runtime.config.root)
    const actor = systemActor(app.identity)
    for (const category of categories) await createCategory(actor, category)
    for (const prompt of prompts.slice(0, 2)) await createPrompt(actor, CreatePromptInput.parse(prompt))
    expect(await seedOnce()).toBe(11)
    expect(await app.runtime.database.primary.prisma.promptTemplate.count({ where: inWorkspace() })).toBe(13)
    expect(await seedOnce()).toBe(0)
    await app.close()
    app = await testRuntime()
  })

  it('is added once, even by instances that start at the same moment', async () => {
    const added = await Promise.all([seedOnce(), seedOnce(), seedOnce()])
    expect(added.toSorted((a, b) => a - b)).toEqual([0, 0, 19])
    expect(await app.runtime.database.primary.prisma.promptTemplate.count({ where: inWorkspace() })).toBe(13)
  })

  it('has the checksums of the first release', async () => {
    const rows = await app.runtime.database.primary.prisma.promptVersion.findMany({
      where: { ...inWorkspace(), number: 1 },
      select: { checksum: true, prompt: { select: { name: true } } },
    })
    expect(Object.fromEntries(rows.map(({ checksum, prompt }) => [prompt.name, checksum]))).toEqual(CHECKSUMS)
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
      where: { ...inWorkspace(), name: 'documentation' },
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
