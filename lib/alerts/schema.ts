import { z } from 'zod'
import { ConfigurationName } from '../ai/schema.ts'
import { CategorySlug } from '../categories/schema.ts'
import { PageQuery, pageOf } from '../page.ts'
import { storedText } from '../prompts/content/content.ts'
import { LabelName, PromptName } from '../prompts/name.ts'
import { Author } from '../prompts/schema.ts'
import { Moment } from '../time.ts'
import {
  DESTINATIONS_MAX,
  KIND_NAMES,
  KINDS,
  type KindName,
  NUMBERS,
  type NumberName,
  OWN_KINDS,
  PERIODS,
  PREVIEW_DAYS,
  RULE_NAME_LENGTH,
} from './rules.ts'

export const RulePath = z.strictObject({ id: z.uuid().describe('Id of the rule') })
export const EventPath = z.strictObject({ id: z.uuid().describe('Id of what fired') })

const threshold = (kind: Exclude<KindName, 'label_moved'>, unit: string) =>
  z.number().min(KINDS[kind].threshold.least).max(KINDS[kind].threshold.most).describe(unit)
const whole = (name: NumberName, text: string) =>
  z.number().int().min(NUMBERS[name].least).max(NUMBERS[name].most).describe(text)

const Window = whole('window_hours', 'Hours that are looked at, the running one the last')
const Least = whole('min_count', 'With fewer uses in the window nothing is said')
const Hold = whole('hold_minutes', 'Minutes that it must last before it fires; 0 by default').optional()
const Cooldown = whole(
  'cooldown_minutes',
  'Minutes after it fired in which it does not fire again; 0 by default',
).optional()

const Used = {
  prompt: PromptName.optional().describe('Only this prompt'),
  category: CategorySlug.optional().describe('Only prompts of this category'),
  label: LabelName.optional().describe('Only what asked for this label'),
  client: z.string().max(80).optional().describe('Only this client; empty: those that gave no name'),
}
const { client: _client, ...Generated } = Used

/** What a rule watches, by its kind. */
export const Condition = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('error_rate').describe('The share of uses that failed'),
    threshold: threshold('error_rate', 'Share from 0 to 1 that fires'),
    window_hours: Window,
    min_count: Least,
    hold_minutes: Hold,
    cooldown_minutes: Cooldown,
    ...Used,
  }),
  z.strictObject({
    kind: z.literal('latency').describe('The time that 95 % of uses stay below'),
    threshold: threshold('latency', 'Milliseconds that fire'),
    window_hours: Window,
    min_count: Least,
    hold_minutes: Hold,
    cooldown_minutes: Cooldown,
    ...Used,
  }),
  z.strictObject({
    kind: z.literal('cost').describe('What generations cost'),
    threshold: threshold('cost', 'US dollars in the window that fire'),
    window_hours: Window,
    hold_minutes: Hold,
    cooldown_minutes: Cooldown,
    ...Generated,
    configuration: ConfigurationName.optional().describe('Only this AI configuration'),
  }),
  z.strictObject({
    kind: z.literal('quota').describe('The share of its monthly quota that a configuration has used'),
    threshold: threshold('quota', 'Share of the quota that fires; 0.8 is 80 %'),
    cooldown_minutes: Cooldown,
    configuration: ConfigurationName.describe('The AI configuration'),
  }),
  z.strictObject({
    kind: z.literal('unused').describe('Active prompts that nobody has used'),
    threshold: threshold('unused', 'So many prompts fire').int(),
    days: whole('days', 'Days without a use; a younger prompt does not count'),
    cooldown_minutes: Cooldown,
    prompt: Used.prompt,
    category: Used.category,
  }),
  z.strictObject({
    kind: z.literal('busy').describe('Uses against the usual, the mean of the last four weeks'),
    threshold: threshold('busy', 'Times the usual that fire'),
    per: z
      .enum(PERIODS)
      .describe('This hour against the same hour of the week, or this day against its weekday'),
    min_count: Least,
    hold_minutes: Hold,
    cooldown_minutes: Cooldown,
    ...Used,
  }),
  z.strictObject({
    kind: z.literal('label_moved').describe('A label was set, moved or removed'),
    prompt: Used.prompt,
    category: Used.category,
    label: LabelName.optional().describe('Only this label; left out: every protected one'),
  }),
])
export type Condition = z.infer<typeof Condition>

const Destinations = z
  .strictObject({
    webhooks: z.array(z.uuid()).max(DESTINATIONS_MAX).describe('Ids of webhooks'),
    members: z.array(z.uuid()).max(DESTINATIONS_MAX).describe('Ids of members who get a mail'),
  })
  .describe('Who is told, besides the bell')

const Name = storedText(RULE_NAME_LENGTH).trim().min(1).describe('What people call it')

export const CreateRuleInput = z.strictObject({
  name: Name,
  enabled: z.boolean().optional().describe('true by default'),
  condition: Condition,
  destinations: Destinations.optional(),
})
export type CreateRuleInput = z.infer<typeof CreateRuleInput>

export const PatchRuleInput = z.strictObject({
  name: Name.optional(),
  enabled: z.boolean().optional(),
  condition: Condition.optional().describe('The whole condition; the evaluation begins anew'),
  destinations: Destinations.optional(),
  muted_until: Moment.nullable()
    .optional()
    .describe('Until then only the bell is told. What still fires then is told then'),
})
export type PatchRuleInput = z.infer<typeof PatchRuleInput>

const RULE_STATES = ['ok', 'pending', 'firing'] as const

export const Rule = z.object({
  id: z.uuid(),
  name: z.string(),
  enabled: z.boolean(),
  condition: Condition,
  missing: z
    .array(z.string())
    .describe('What the condition names that is not there any more: "prompt", "category", "configuration"'),
  destinations: Destinations,
  muted_until: z.iso.datetime().nullable(),
  state: z.enum(RULE_STATES).describe('pending: the threshold is passed, and the hold is not over'),
  state_since: z.iso.datetime().nullable(),
  last_value: z.number().nullable().describe('What was measured last; null: too little to say'),
  last_fired_at: z.iso.datetime().nullable(),
  evaluated_at: z.iso.datetime().nullable(),
  created_by: Author,
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
  etag: z.string(),
})
export type Rule = z.infer<typeof Rule>

export const RulePage = pageOf(Rule)
export type RulePage = z.infer<typeof RulePage>

export const PreviewInput = z.strictObject({
  condition: Condition,
  days: z
    .number()
    .int()
    .min(1)
    .max(PREVIEW_DAYS.most)
    .optional()
    .describe(`How far back; ${PREVIEW_DAYS.usual} days by default`),
})
export type PreviewInput = z.infer<typeof PreviewInput>

export const Preview = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  fired: z.number().int().describe('How often it would have fired'),
  events: z
    .array(
      z.object({
        fired_at: z.iso.datetime(),
        resolved_at: z.iso.datetime().nullable().describe('null: it would fire now'),
        value: z.number().nullable(),
        summary: z.string(),
      }),
    )
    .describe('The newest 100, newest first'),
  points: z
    .array(z.object({ time: z.iso.datetime(), value: z.number().nullable() }))
    .describe('What was measured, oldest first: at the end of each hour, of each day for "unused"'),
})
export type Preview = z.infer<typeof Preview>

export const AlertEvent = z.object({
  id: z.uuid(),
  rule: z.object({ id: z.uuid().nullable(), name: z.string() }),
  kind: z
    .enum([...KIND_NAMES, ...OWN_KINDS])
    .describe(
      'Without a rule: webhook_off, the app switched a webhook off; repository_failed, the prompts of a repository do not come in',
    ),
  state: z.enum(['firing', 'resolved']),
  summary: z.string().describe('One sentence'),
  href: z.string().describe('Path of the page that shows it'),
  value: z.number().nullable(),
  threshold: z.number().nullable(),
  window_start: z.iso.datetime(),
  fired_at: z.iso.datetime(),
  recorded_at: z.iso
    .datetime()
    .describe('When it was put on record: later than `fired_at` where the app looked at it late'),
  resolved_at: z.iso.datetime().nullable(),
  acknowledged_at: z.iso.datetime().nullable(),
  acknowledged_by: Author.nullable(),
})
export type AlertEvent = z.infer<typeof AlertEvent>

export const ListEventsQuery = z.strictObject({
  state: z.enum(['firing', 'resolved']).optional().describe('Only those'),
  rule: z.uuid().optional().describe('Only of this rule'),
  ...PageQuery.shape,
})
export type ListEventsQuery = z.infer<typeof ListEventsQuery>

export const AlertEventPage = pageOf(AlertEvent)
export type AlertEventPage = z.infer<typeof AlertEventPage>

export const Bell = z.object({
  firing: z.number().int().describe('What fires now and nobody has acknowledged'),
  unread: z.number().int().describe('What was put on record since the caller read last'),
  read_at: z.iso.datetime().nullable(),
  newest_at: z.iso
    .datetime()
    .nullable()
    .describe('When the last one was put on record; as `until` of POST /api/alerts/events/read it marks all'),
  items: z.array(AlertEvent).describe('The newest 20'),
})
export type Bell = z.infer<typeof Bell>

export const MarkReadInput = z.strictObject({
  until: Moment.describe('`newest_at` of the bell, or the newest `recorded_at` that was seen'),
})
export type MarkReadInput = z.infer<typeof MarkReadInput>
