import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { SkillsClient } from '@modelcontextprotocol/client/ext/skills'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCategory } from '../categories/operations/create-category.ts'
import { createPrompt } from '../prompts/operations/create-prompt.ts'
import { createVersion } from '../prompts/operations/create-version.ts'
import { type EventStream, openEvents } from '../testing/event-stream.ts'
import { type McpServerForTests, serveMcp } from '../testing/mcp.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'

/* Skills as the SDK's client for them sees them, which checks every entry, digest and front matter. */

let app: TestRuntime
let mcp: McpServerForTests
beforeAll(async () => {
  app = await testRuntime({ feed: true })
  mcp = await serveMcp()
  await createCategory(app.actor(), { slug: 'data', name: 'Data' })
  await createPrompt(app.actor(), {
    name: 'tone_rules',
    description: 'How we sound',
    template_content: 'Be {{ mood }}.',
  })
  await createPrompt(app.actor(), {
    name: 'letter_writing',
    title: 'Letters: "ours"',
    description: 'Writes letters.\nUse it for: everything',
    category: 'data',
    template_content: 'To {{ whom }}. {% render "tone_rules", mood: "kind" %}',
    publish: { skill: true },
  })
  await createPrompt(app.actor(), {
    name: '42',
    description: 'No',
    template_content: 'No.',
    publish: { skill: true },
  })
})
afterAll(async () => {
  await mcp.close()
  await app.close()
})

async function connect(
  mode: 'auto' | 'legacy',
  query = '',
): Promise<{ client: Client; skills: SkillsClient }> {
  const client = new Client({ name: 'skills', version: '1' }, { versionNegotiation: { mode } })
  await client.connect(new StreamableHTTPClientTransport(new URL(`${mcp.url}/api/mcp${query}`)))
  return { client, skills: new SkillsClient(client) }
}

const LETTERS = 'skill://letter-writing/SKILL.md'

describe.each(['auto', 'legacy'] as const)('a host that connects %s', (mode) => {
  it('lists, gets and reads skills, and finds each as it was told', async () => {
    const { client, skills } = await connect(mode)
    expect([skills.supported, skills.directoryRead]).toEqual([true, true])
    const { skills: entries } = await skills.list()
    expect(entries.map(({ uri }) => uri)).toEqual(['skill://42/SKILL.md', LETTERS])
    const { skill, ttlMs } = await skills.get(LETTERS)
    expect(skill).toEqual(entries[1])
    expect(ttlMs).toBe(mode === 'auto' ? 0 : undefined)
    const manifest = await skills.read(skill)
    expect(manifest).toMatchObject({
      verified: true,
      frontmatter: {
        name: 'letter-writing',
        description: 'Writes letters.\nUse it for: everything',
        metadata: { title: 'Letters: "ours"' },
      },
    })
    expect(manifest.body).toContain('[Read references/tone_rules.md here](references/tone_rules.md)')
    expect((await skills.read(skill, 'references/tone_rules.md')).text).toContain('Be {{ mood }}.')
    await client.close()
  })

  it('looks into the folder of a skill', async () => {
    const { client, skills } = await connect(mode)
    const { resources } = await skills.readDirectory('skill://letter-writing')
    expect(resources).toMatchObject([
      { uri: LETTERS, mimeType: 'text/markdown' },
      { uri: 'skill://letter-writing/references', mimeType: 'inode/directory' },
    ])
    const below = await skills.readDirectory('skill://letter-writing/references')
    expect(below.resources).toMatchObject([{ name: 'tone_rules.md', size: expect.any(Number) }])
    for (const uri of [LETTERS, 'skill://letter-writing/none', 'skill://none', 'prompt://tone_rules'])
      await expect(skills.readDirectory(uri)).rejects.toMatchObject({ code: -32602 })
    await client.close()
  })

  it('is told that there is no such skill', async () => {
    const { client, skills } = await connect(mode)
    const nowhere = ['skill://none/SKILL.md', 'skill://tone-rules/SKILL.md', 'skill://42', 'prompt://42', 'x']
    for (const uri of nowhere)
      await expect(skills.get(uri)).rejects.toMatchObject({ code: -32602, data: { uri } })
    await client.close()
  })

  it('sees the category of its address alone', async () => {
    const { client, skills } = await connect(mode, '?category=data')
    expect((await skills.list()).skills.map(({ uri }) => uri)).toEqual([LETTERS])
    await expect(skills.get('skill://42/SKILL.md')).rejects.toMatchObject({ code: -32602 })
    await client.close()
  })

  it('finds the instructions among the resources', async () => {
    const { client } = await connect(mode)
    const { resources } = await client.listResources()
    expect(resources).toContainEqual({
      uri: LETTERS,
      name: 'letter-writing',
      description: 'Writes letters.\nUse it for: everything',
      mimeType: 'text/markdown',
    })
    await client.close()
  })
})

describe('a change', () => {
  let stream: EventStream
  beforeAll(async () => {
    stream = await openEvents(`${mcp.url}/api/mcp`, { headers: { accept: 'text/event-stream' } })
  })
  afterAll(() => stream.close())

  it('of the text of a skill is told as one of the resources, and shown by the next list', async () => {
    const { client, skills } = await connect('auto')
    const digest = async () => (await skills.get('skill://42/SKILL.md')).skill.resources
    const before = await digest()
    await createVersion(app.actor(), {
      name: '42',
      base_version: 1,
      template_content: 'Yes.',
      labels: ['production'],
    })
    const told = await stream.next()
    expect(JSON.stringify(told)).toContain('notifications/resources/list_changed')
    expect(await digest()).not.toEqual(before)
    expect((await skills.list()).skills[0]?.resources).toEqual(await digest())
    await client.close()
  })
})
