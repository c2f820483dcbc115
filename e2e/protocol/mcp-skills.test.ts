import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { SkillsClient } from '@modelcontextprotocol/client/ext/skills'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { REVISIONS, runScenario } from '../conformance/suite.ts'
import { rest, startTwo, type TwoInstances } from './mcp-apps.ts'

/** Skills over MCP: the official suite's scenarios for the extension, and its client, on two instances. */

let apps: TwoInstances
beforeAll(async () => {
  apps = await startTwo()
  const create = (body: object) => rest(apps.first, 'POST', '/api/prompts', body)
  await create({ name: 'a_reference', description: 'Included', template_content: 'Be kind.' })
  await create({
    name: 'a_skill',
    title: 'A skill',
    description: 'What the suite looks at: it includes another text',
    template_content: 'Begin with {{ what }}. {% render "a_reference" %}',
    publish: { skill: true },
  })
})
afterAll(() => apps.stop())

describe.each(REVISIONS)('the conformance suite, %s', (revision) => {
  it.each(['sep-2640-skills-directory', 'sep-2640-skills-enumeration', 'sep-2640-skills-manifest'])(
    '%s',
    async (scenario) => {
      const { scenarios, exitCode, output } = await runScenario(
        `${apps.first.url}/api/mcp`,
        scenario,
        revision,
      )
      const checks = scenarios.get(scenario) ?? []
      // What an older revision does not have cannot be checked in it.
      const isFine = revision === '2026-07-28' ? ['SUCCESS'] : ['SUCCESS', 'SKIPPED']
      const missed = checks.filter(({ status }) => !isFine.includes(status))
      expect({ exitCode, missed, output: exitCode === 0 ? '' : output }).toEqual({
        exitCode: 0,
        missed: [],
        output: '',
      })
      expect(checks.length).toBeGreaterThan(4)
    },
  )
})

describe('a host of skills', () => {
  it('finds what changed on another instance, and that its approval holds no more', async () => {
    const client = new Client({ name: 'host', version: '1' }, { versionNegotiation: { mode: 'auto' } })
    await client.connect(new StreamableHTTPClientTransport(new URL(`${apps.first.url}/api/mcp`)))
    const skills = new SkillsClient(client)
    const uri = 'skill://a-skill/SKILL.md'
    const { skill: approved } = await skills.get(uri)
    expect((await skills.read(approved)).body).toContain('- `what` (string, required)')
    const response = await fetch(`${apps.second.url}/api/prompts/a_skill`)
    await rest(apps.second, 'GET', '/api/prompts/a_skill')
    const changed = await fetch(`${apps.second.url}/api/prompts/a_skill/versions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'if-match': response.headers.get('etag') ?? '' },
      body: JSON.stringify({ template_content: 'Begin. {% render "a_reference" %}', labels: ['production'] }),
    })
    expect(changed.status).toBe(201)
    await expect.poll(async () => (await skills.get(uri)).skill).not.toEqual(approved)
    await expect(skills.read(approved)).rejects.toMatchObject({ reason: 'size' })
    const [now] = (await skills.list()).skills.filter((each) => each.uri === uri)
    expect(now === undefined ? undefined : (await skills.read(now)).body).toContain('Begin. [Read')
    await client.close()
  })
})
