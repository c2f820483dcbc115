import { z } from 'zod'
import { PromptName } from '../prompts/name.ts'

const Surface = z.enum(['mcp', 'rest', 'browser'])
const Time = z.iso.datetime({ offset: true })

export const StatsQuery = z.strictObject({
  from: Time.optional().describe('Count from this time on; whole hours. Default: 30 days before `to`'),
  to: Time.optional().describe('Count up to this time. Default: now'),
  prompt: PromptName.optional().describe('Only this prompt'),
  surface: Surface.optional().describe('Only what came this way'),
  client: z.string().max(80).optional().describe('Only this client'),
  limit: z.coerce.number().int().min(1).max(200).optional().describe('Rows of each ranking; 50 by default'),
})
export type StatsQuery = z.infer<typeof StatsQuery>

const Figures = z.object({
  uses: z.number().int().describe('Gets, renders and tool calls together'),
  gets: z.number().int(),
  renders: z.number().int(),
  tool_calls: z.number().int(),
  failed: z.number().int(),
  success_rate: z.number().nullable().describe('0 to 1; null when nothing was used'),
  p50_ms: z.number().nullable(),
  p95_ms: z.number().nullable(),
  last_used_at: z.iso.datetime().nullable(),
})
export type Figures = z.infer<typeof Figures>

export const Stats = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  totals: Figures.extend({
    prompts: z.number().int().describe('Active prompts'),
    archived_prompts: z.number().int(),
    versions: z.number().int(),
    categories: z.number().int(),
  }),
  by_prompt: z.array(Figures.extend({ name: z.string() })),
  by_surface: z.array(Figures.extend({ surface: Surface })),
  by_client: z.array(Figures.extend({ client: z.string().nullable() })),
  dropped: z.number().int().describe('Events this instance could not keep since its start'),
})
export type Stats = z.infer<typeof Stats>
