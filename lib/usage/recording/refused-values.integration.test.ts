import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createVersion } from '../../prompts/operations/create-version.ts'
import { getPrompt } from '../../prompts/operations/get-prompt.ts'
import { redactVersion } from '../../prompts/operations/redact-version.ts'
import { renderPrompt } from '../../prompts/operations/render-prompt.ts'
import { waitUntilBlocked } from '../../testing/blocked.ts'
import { makePrompt } from '../../testing/factories.ts'
import { type TestRuntime, testRuntime } from '../../testing/runtime.ts'
import { listUses } from '../operations/list-uses.ts'
import { startUsageWriter } from './writer.ts'

let app: TestRuntime
beforeAll(async () => {
  const logging = { refused_values: true, refused_value_length: 10 }
  app = await testRuntime({ limits: { usage_flush_ms: 3_600_000 }, logging })
})
afterAll(() => app.close())

const agent = () => app.actor({ surface: 'mcp', client: { name: 'agent', version: '1.0' } })
const tried = (work: Promise<unknown>) => work.catch(() => undefined)
async function values(prompt: string) {
  expect(await startUsageWriter().flush()).toBe(true)
  return (await listUses(app.actor(), { prompt })).items.map((use) => use.values)
}

describe('the values of refused renders', () => {
  it('are kept where it is told so, until the version is redacted', async () => {
    const { name } = await makePrompt(app.actor(), { name: 'told_values' })
    const refused = () =>
      tried(renderPrompt(agent(), { name, variables: { whom: 'a long text, cut', password: 'p' } }))
    await refused()
    await renderPrompt(agent(), { name, variables: { who: 'Ann' } })
    expect(await values(name)).toEqual(
      expect.arrayContaining([{ whom: 'a long tex', password: '***' }, null]),
    )
    await refused()
    await createVersion(app.actor(), {
      name,
      template_content: 'Hello',
      if_match: (await getPrompt(app.actor(), { name })).etag,
    })
    await redactVersion(app.actor(), { name, version: 1 })
    // What waited is written after the redaction.
    expect(await values(name)).toEqual([null, null, null, null])
  })

  it('go with a redaction that is under way while they are written', async () => {
    const { name, id } = await makePrompt(app.actor(), { name: 'under_way' })
    await tried(renderPrompt(agent(), { name, variables: { whom: 'a secret' } }))
    const redaction = await app.runtime.database.primary.pool.connect()
    try {
      await redaction.query('BEGIN')
      await redaction.query(
        `SELECT redact_prompt_version(workspace_id, id) FROM prompt_version WHERE prompt_id = $1`,
        [id],
      )
      const written = startUsageWriter().flush()
      await waitUntilBlocked(app.database.url)
      await redaction.query('COMMIT')
      expect(await written).toBe(true)
    } finally {
      redaction.release()
    }
    expect(await values(name)).toEqual([null])
  })

  it('go with a redaction of what the version includes', async () => {
    const part = await makePrompt(app.actor(), { name: 'a_part', template_content: 'Bye' })
    const whole = await makePrompt(app.actor(), {
      name: 'a_whole',
      template_content: `{{ who }}{% render 'a_part' %}`,
    })
    const refused = () => tried(renderPrompt(agent(), { name: whole.name, variables: { whom: 'secret' } }))
    await refused()
    expect(await values(whole.name)).toEqual([{ whom: 'secret' }])
    await refused()
    await createVersion(app.actor(), { name: part.name, template_content: 'Ciao', if_match: part.etag })
    await redactVersion(app.actor(), { name: part.name, version: 1 })
    expect(await values(whole.name)).toEqual([null, null])
  })
})
