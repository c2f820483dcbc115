import { contract, READ_ONE } from '../../contract.ts'
import { PromptPath } from '../schema.ts'
import { Skill, SkillQuery } from './schema.ts'

export const getSkillContract = contract({
  id: 'getSkill',
  method: 'GET',
  path: '/api/prompts/{name}/skill',
  tag: 'Prompts',
  summary: 'Read a prompt as an Agent Skill',
  description:
    'A zip with the folder of the skill: `SKILL.md`, and what it includes below `references/`. With `format=json` the same files as JSON, with their digests. Without a selector: `production`. A version that is not published as a skill answers 404.',
  params: PromptPath,
  query: SkillQuery,
  download: ['application/zip'],
  output: Skill,
  ...READ_ONE,
})
