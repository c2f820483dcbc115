import { z } from 'zod'
import { VersionSelector } from '../schema.ts'

/** A prompt as an Agent Skill: what it is told by, and its files. */
export const Skill = z.object({
  name: z.string().describe('Name of the skill: that of the prompt with hyphens'),
  prompt: z.string().describe('Current name of the prompt'),
  version: z.number().int(),
  label: z.string().nullable().describe('The label that chose the version; null: its number did'),
  checksum: z.string().describe('Checksum of the version'),
  front_matter: z
    .object({
      name: z.string(),
      description: z.string(),
      metadata: z.object({ title: z.string() }).optional(),
    })
    .describe('The front matter of SKILL.md'),
  files: z.array(
    z.object({
      path: z.string().describe('Within the folder of the skill'),
      size: z.number().int().describe('Bytes'),
      sha256: z.string().describe('SHA-256 of the bytes, in lower-case hex'),
      text: z.string(),
    }),
  ),
  etag: z.string().describe('ETag of the prompt'),
})
export type Skill = z.infer<typeof Skill>

export const SkillQuery = VersionSelector.extend({
  format: z
    .enum(['zip', 'json'])
    .optional()
    .describe('A zip with the folder of the skill (default), or JSON'),
})
export type SkillQuery = z.infer<typeof SkillQuery>
