import { expect } from 'vitest'
import type { Call } from './generation-calls.ts'

/** Every answer that skills have, and what Langfuse's clients read. */
export async function callSkills(call: Call): Promise<void> {
  const skill = {
    name: 'a_skill',
    description: 'Does it',
    publish: { skill: true },
    template_content: 'Do.',
  }
  await call('createPrompt', 201, { path: '/api/prompts', body: skill })
  const path = `/api/prompts/a_skill/skill`
  const read = await call('getSkill', 200, { path: `${path}?format=json` })
  await call('getSkill', 304, {
    path: `${path}?format=json`,
    headers: { 'if-none-match': read.headers.etag ?? '' },
  })
  const zip = await call('getSkill', 200, { path })
  expect(zip.headers['content-type']).toBe('application/zip')
  await call('getSkill', 404, { path: `/api/prompts/zero_shot/skill` })

  const L = '/api/public/v2/prompts'
  const got = await call('getLangfusePrompt', 200, { path: `${L}/a_skill` })
  await call('getLangfusePrompt', 304, {
    path: `${L}/a_skill`,
    headers: { 'if-none-match': got.headers.etag ?? '' },
  })
  await call('getLangfusePrompt', 404, { path: `${L}/nobody` })
  await call('getLangfusePrompt', 422, { path: `${L}/business_logic_implementation` })
  await call('listLangfusePrompts', 200, { path: `${L}?limit=2` })
  await call('getLangfuseHealth', 200, { path: '/api/public/health' })
}
