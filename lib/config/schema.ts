import { z } from 'zod'
import { SLUG } from '../slug.ts'
import { ALERT_LIMITS, Webhooks } from './alerts-schema.ts'
import { Database } from './database-schema.ts'
import { DOOR, DOOR_LIMITS } from './door-schema.ts'
import { Imports, SOURCE_LIMITS } from './import-schema.ts'
import { Logging } from './logging-schema.ts'
import { Mail } from './mail-schema.ts'
import { BUILD, METRICS_LIMITS } from './metrics-schema.ts'
import { count, daysOrEver, milliseconds, seconds } from './numbers.ts'
import { OAUTH } from './oauth-schema.ts'
import { SIGN_IN } from './sign-in-schema.ts'
import { Telemetry } from './telemetry-schema.ts'

/**
 * The configuration file: the original system's shape, every limit included. Strict: an unknown key
 * stops the start with its name. Defaults live here, once.
 */

/** `absent` is the value in effect where a key without a default is not set; for the documentation. */
const unused = { description: 'Accepted from the original system, without effect', absent: 'none' }

/** Whether a text is a host of a URL, with or without a port. */
function isHost(text: string): boolean {
  return URL.canParse(`https://${text}/`) && new URL(`https://${text}/`).pathname === '/'
}

const Server = z.strictObject({
  name: z.string().min(1).max(100).default('incipit').describe('Name that clients are told'),
  version: z
    .string()
    .max(50)
    .optional()
    .meta({ description: 'Version that clients are told', absent: 'the version of Incipit' }),
  ...BUILD,
  framework: z.string().optional().meta(unused),
  host: z.string().min(1).default('127.0.0.1').describe('Address to listen on'),
  port: z.number().int().min(0).max(65_535).default(3000).describe('Port to listen on'),
  url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta({
      description: 'Public address, for links and for the Host check',
      absent: 'http://localhost:PORT',
    }),
})

const Capability = z.strictObject({ list_changed: z.boolean().optional() })

const Mcp = z.strictObject({
  protocol_version: z.string().optional().meta(unused),
  capabilities: z
    .strictObject({
      prompts: Capability.optional(),
      resources: Capability.optional(),
      tools: Capability.optional(),
    })
    .optional()
    .meta(unused),
  page_size: count(1000, 10_000).describe('Items on a page of prompts/list, tools/list and resources/list'),
  page_bytes: count(1_048_576, 100_000_000).describe(
    'Size of such a page from which on the rest comes with the next',
  ),
  search_page_size: count(20, 200).describe('Prompts that search_prompts answers when no limit is named'),
  batch_size: count(100, 1000).describe('Most messages of a JSON-RPC batch'),
  max_subscriptions: count(2000, 100_000).describe('Open notification streams of one instance'),
  max_resource_subscriptions: count(100, 10_000).describe('Resources that one notification stream can watch'),
  list_changed_window_ms: milliseconds(150).describe('Changes within this time make one notification'),
})

const Security = z.strictObject({
  allow_open: z.boolean().default(false).describe('Serve without accounts on an address other than loopback'),
  allowed_hosts: z.array(z.string().min(1)).default([]).describe('Host names accepted besides loopback'),
  cors_origins: z
    .array(
      z
        .string()
        .regex(/^https?:\/\/[a-z0-9.[\]:-]+$/, 'expected an origin such as https://tools.example.org'),
    )
    .default([])
    .describe('Origins whose pages may call the API'),
  audit_retention_days: z
    .number()
    .int()
    .min(0)
    .max(36_500)
    .default(0)
    .refine((days) => days === 0 || days >= 30, 'expected 0, for ever, or 30 at least')
    .describe('Days that the audit log is kept: 30 at least; 0: for ever'),
  ...DOOR,
  key_days: count(90, 36_500).describe('Days until a new API key expires when nothing else was said'),
  key_notice_days: count(14, 3650).describe(
    'Days before its expiry in which an API key is said to expire soon',
  ),
  auth_stale_ms: milliseconds(300_000).describe(
    'While the database is away, a key or session that was verified before is good for this long',
  ),
  ...SIGN_IN,
  ...OAUTH,
})

const price = z.number().min(0).max(1_000_000)

const Model = z.strictObject({
  provider: z.string().min(1).max(64),
  model: z.string().min(1).max(200),
  context_tokens: z.number().int().min(1).optional(),
  output_tokens: z.number().int().min(1).optional(),
  input_price_per_million: price.optional(),
  output_price_per_million: price.optional(),
})

const Ai = z.strictObject({
  default_configuration: z
    .string()
    .regex(SLUG)
    .optional()
    .meta({ description: 'Configuration of a generation that names none', absent: 'the only active one' }),
  echo: z.boolean().optional().meta({
    description: 'The built-in provider that answers without a model',
    absent: 'on in local mode alone',
  }),
  allowed_hosts: z
    .array(z.string().min(1).max(255))
    .default([])
    .describe('Private hosts (name, address or range such as 10.0.0.0/8) that a base URL may name'),
  key_hosts: z
    .array(
      z
        .string()
        .regex(/^[a-z0-9.[\]:_-]{1,260}$/i, 'expected a host, such as llm.internal or 127.0.0.1:8080')
        .refine(isHost, 'expected a host, such as llm.internal or 127.0.0.1:8080'),
    )
    .default([])
    .describe(
      'Hosts besides the providers’ own, each with its port where it has one, that get the keys of the environment',
    ),
  log_content: z.boolean().default(false).describe('Log what is sent to providers and what they answer'),
  connect_ms: milliseconds(10_000).describe('Time to reach a provider'),
  first_token_ms: milliseconds(60_000).describe('Time until a provider begins to answer'),
  idle_ms: milliseconds(30_000).describe('Longest silence within an answer'),
  answer_ms: milliseconds(300_000).describe('Time for a whole answer'),
  silent_ms: milliseconds(5000).describe(
    'A call whose process gives no sign of life for this long is taken for dead and made again',
  ),
  keep_ms: milliseconds(600_000).describe('How long an answer waits for a database that is away'),
  answer_bytes: count(33_554_432, 268_435_456).describe(
    'Most bytes that are read of an answer, some hundred for each token; a quarter of it in one event',
  ),
  answer_length: count(1_000_000).describe('Most characters of a generated text; it is cut there'),
  retries: z.number().int().min(0).max(20).default(3).describe('Further attempts after one that failed'),
  retry_after_max: seconds(120).describe(
    'Longest Retry-After that is waited for before the fallback is asked',
  ),
  breaker_failures: count(5, 1000).describe('Failures in a row that stop calls to a provider'),
  breaker_open_ms: milliseconds(30_000).describe('Time without calls before a provider is tried again'),
  fallbacks: count(5, 20).describe('Most configurations that are tried after the first'),
  catalogue: z
    .array(Model)
    .max(1000)
    .default([])
    .describe('Models with sizes and prices that are added to the built-in list, or replace its entries'),
})

const Inngest = z.strictObject({
  mode: z
    .enum(['auto', 'embedded', 'server'])
    .default('auto')
    .describe('auto: an Inngest server when INNGEST_* names one, else the embedded runner'),
  workers: count(64, 1000).describe('Function runs that one instance works on at the same time'),
  provider_concurrency: count(32, 10_000).describe(
    'Calls of one workspace to one provider at the same time, everywhere',
  ),
  lease_ms: milliseconds(30_000).describe('A run whose instance is silent for this long is taken over'),
  poll_ms: milliseconds(1000).describe('How often due work is looked for besides the notifications'),
  crashes: count(3, 100).describe('A run that ended its process so often fails'),
  app_url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta({ description: 'Where an Inngest server reaches this app', absent: '`server.url`' }),
  send_ms: milliseconds(3000).describe('Time to hand events over to an Inngest server'),
  quiet_ms: milliseconds(100_000).describe(
    'When an Inngest server, which calls once a minute, is said to be silent',
  ),
  call_bytes: count(8_388_608, 268_435_456).describe(
    'Largest call of an Inngest server: it carries the results of all steps',
  ),
})

const Limits = z.strictObject({
  ...DOOR_LIMITS,
  ...METRICS_LIMITS,
  ...ALERT_LIMITS,
  keys: count(20_000, 1_000_000).describe('Most API keys of a workspace, revoked ones not counted'),
  body_bytes: count(4_194_304, 268_435_456).describe('Largest request body'),
  body_ms: milliseconds(15_000).describe('Time for a request body to arrive'),
  json_depth: count(64, 1000).describe('Deepest nesting of a JSON body'),
  json_keys: count(10_000, 1_000_000).describe('Most keys of one object in a JSON body'),
  json_values: count(50_000, 10_000_000).describe('Most values of a JSON body, those within others counted'),
  page_size: count(50, 200).describe('Items on a page when the caller does not say'),
  page_size_max: count(200, 1000).describe('Most items on a page'),
  template_bytes: count(1_048_576, 268_435_456).describe(
    'Largest version: the bytes of all its texts together, in UTF-8; its config, and the system text of an AI configuration, may have as many',
  ),
  messages: count(100, 10_000).describe('Most messages of a chat prompt'),
  message_parts: count(50, 1000).describe('Most content parts of one message'),
  attachment_bytes: count(2_000_000, 268_435_456).describe(
    'Largest picture, sound or file in a message, in bytes of its base64',
  ),
  template_tags: count(5000, 50_000).describe('Most tags and outputs of one text'),
  template_depth: count(50, 100).describe('Deepest nesting of tags in one text'),
  variables: count(100, 1000).describe('Most variables of a prompt'),
  enum_values: count(1000, 10_000).describe('Most allowed values of one variable'),
  values_length: count(262_144).describe('Most characters in the values of one render'),
  values_items: count(10_000).describe('Most items in the values of one render, and in a list that it makes'),
  values_depth: count(32, 100).describe('Deepest nesting of a value'),
  pattern_size: count(500, 5000).describe(
    'Largest pattern of a variable, in instructions of its compiled form; repetitions are written out',
  ),
  pattern_work: count(2_000_000, 50_000_000).describe(
    'Most matching against patterns in one render: instructions of each pattern times characters of its value, some 35 ns each at worst',
  ),
  output_bytes: count(4_194_304).describe('Largest rendered text, in bytes of UTF-8'),
  render_work: count(10_000_000, 1_000_000_000).describe(
    'Most work of one render, in units of some 10 ns; the same input always takes the same',
  ),
  render_ms: milliseconds(250).describe(
    'A draft or slow version is stopped after this processor time, or eight times as long by the clock',
  ),
  render_workers: count(2, 32).describe('Threads that render drafts and compare versions'),
  render_queue: count(32, 10_000).describe('Drafts and comparisons that may wait for a thread'),
  render_queue_per_caller: count(16, 10_000).describe('Those of one caller; callers take turns'),
  diff_rows: count(5000, 100_000).describe('Most lines of a comparison; it says how many it leaves out'),
  long_text_ms: milliseconds(5000).describe(
    'Comparing, checking or parsing long texts is stopped after this processor time, or eight times as long by the clock',
  ),
  tags: count(50, 50).describe('Most tags of a prompt'),
  aliases: count(50, 1000).describe('Most aliases of a prompt'),
  includes: count(100, 1000).describe('Most versions that one version includes, nested ones counted'),
  include_depth: count(5, 5).describe('How deep versions may include each other'),
  include_bytes: count(4_194_304, 268_435_456).describe('Most bytes of all texts that one version includes'),
  categories: count(500, 10_000).describe('Most categories of a workspace'),
  reported_uses: count(500, 5_000).describe('Most renders that a client tells of at once'),
  bulk_names: count(1000, 10_000).describe('Most prompts of one bulk change'),
  examples: count(100, 1000).describe('Most saved inputs of a prompt'),
  example_length: count(65_536, 1_000_000).describe('Most characters in the values of one saved input'),
  examples_bytes: count(2_097_152, 268_435_456).describe('Most bytes of all saved inputs of a prompt'),
  change_streams: count(1000, 100_000).describe('Open pages that one instance tells of changes'),
  change_backlog: count(500, 10_000).describe(
    'Changes kept for a page that reads slowly or reconnects; behind that it reads everything again',
  ),
  configurations: count(200, 10_000).describe('Most AI configurations of a workspace'),
  invitations: count(1000, 100_000).describe('Most open invitations of a workspace'),
  export_events: count(10_000, 1_000_000).describe('Most lines of the audit log in the export of a person'),
  generation_wait_ms: milliseconds(60_000).describe(
    'Longest time that a request may wait for its generation',
  ),
  generations_per_minute: count(2000, 1_000_000).describe(
    'Generations that one caller may ask for in a minute, those of batches counted one by one',
  ),
  generations_waiting: count(10_000, 1_000_000).describe('Generations that one caller may have waiting'),
  generation_batch: count(1000, 100_000).describe('Most generations of one batch'),
  batch_bytes: count(16_777_216, 1_073_741_824).describe(
    'Most bytes of values in one batch: those of its inputs, once for each configuration',
  ),
  generation_streams: count(1000, 100_000).describe('Open streams of generations on one instance'),
  generation_flush_ms: milliseconds(150).describe('How often arriving text is written'),
  generation_start_hours: count(24, 8760).describe(
    'Hours that a generation may wait to be begun; then it fails with not_started',
  ),
  generation_retention_days: count(365, 36_500).describe('Days that generations are kept'),
  generation_export_rows: count(1_000_000, 100_000_000).describe(
    'Most generations of one file; its last line says how to go on',
  ),
  generation_usual_days: count(7, 365).describe(
    'Days whose answers tell the usual figures of a configuration',
  ),
  receipt_days: count(30, 3650).describe(
    'Days in which the outcome of a render or generation can be told with its receipt',
  ),
  outcome_days: count(365, 36_500).describe(
    'Days that single outcomes are kept, those whose receipt still holds in any case; their sums by day stay',
  ),
  outcome_note_length: count(2000, 100_000).describe('Most characters in the note of an outcome'),
  outcome_metadata_bytes: count(4096, 1_000_000).describe(
    'Most bytes in the metadata of an outcome, as JSON',
  ),
  outcome_changes: count(20, 1000).describe(
    'How often one caller may tell another outcome of the same use; each one stays on record',
  ),
  outcome_export_rows: count(1_000_000, 100_000_000).describe(
    'Most rows of one file of outcomes; its last line says how to go on',
  ),
  audit_export_rows: count(1_000_000, 100_000_000).describe(
    'Most rows of one file of the audit log; its last line says how to go on',
  ),
  imports: count(2, 100).describe(
    'Imports that one instance works on at the same time; three times as many wait',
  ),
  import_bytes: count(67_108_864, 1_073_741_824).describe(
    'Most bytes of an import, as it is sent and once it is unpacked',
  ),
  import_files: count(10_000, 50_000).describe('Most files of an import'),
  import_ratio: count(100, 1000).describe('How many times smaller than its text a file of a zip may be'),
  import_ms: milliseconds(120_000).describe('Time that an import may take, its transaction included'),
  import_body_ms: milliseconds(60_000).describe('Time for the body of an import to arrive'),
  import_retention_days: count(365, 36_500).describe(
    'Days that what came of an import is kept, and can be undone',
  ),
  ...SOURCE_LIMITS,
  export_files: count(50_000, 60_000).describe('Most files of an export'),
  downloads: count(20, 1000).describe('Files that one instance makes and sends at the same time'),
  cache_entries: count(20_000).describe('Resolved names kept in memory'),
  cache_bytes: count(134_217_728, 17_179_869_184).describe(
    'Memory for compiled versions and list pages, about',
  ),
  timeseries_points: count(800, 10_000).describe('Most points of usage over time'),
  spending_rows: count(10_000, 100_000).describe(
    'Most rows of one file of spending; its last line says where there are more',
  ),
  usage_buffer: count(50_000).describe('Usage events that may wait; more are dropped and counted'),
  usage_flush_ms: milliseconds(500).describe('How often usage events are written'),
  usage_retention_days: count(90, 3650).describe('Days that single usage events are kept; roll-ups stay'),
  impact_days: count(14, 400).describe('Days of uses that say who uses a label or a version of a prompt'),
  usage_failure_rows: count(10_000, 100_000).describe('Most reasons of one file, and of their count'),
  usage_failures_days: daysOrEver(400).describe(
    'Days that the roll-up of reasons of failures is kept; 0: for ever',
  ),
  usage_callers_days: daysOrEver(400).describe(
    'Days that the roll-up of who used what with which variables is kept; 0: for ever',
  ),
  usage_variable_sets: count(100, 10_000).describe(
    'Sets of given variables that are told apart of a prompt in a day; those beyond count as one',
  ),
  usage_names: count(500, 100_000).describe(
    'Names that callers make up which are told apart in a day: unknown variables of a prompt, prompts that there are none of',
  ),
  usage_export_rows: count(1_000_000, 100_000_000).describe(
    'Most rows of one file of uses; its last line says how to go on',
  ),
  usage_notes: count(10_000, 1_000_000).describe('Notes on the time line of usage'),
  saved_views: count(200, 10_000).describe('Views that one person, key or client saves'),
  upkeep_ms: milliseconds(60_000).describe('How often an instance looks what upkeep is due'),
  instance_ms: milliseconds(10_000).describe(
    'How often an instance gives a sign of life; after three without one it counts as ended',
  ),
  outbox_batch: count(500, 10_000).describe('Messages of the outbox that a relay sends at once'),
  outbox_claim_ms: milliseconds(15_000).describe(
    'Time that a process has to send a message that it has written or claimed; then another one may',
  ),
  outbox_poll_ms: milliseconds(5000).describe(
    'How often an instance looks for messages that another one has left behind',
  ),
  outbox_retry_ms: milliseconds(1000).describe(
    'First pause after a message was refused; each one after it is twice as long',
  ),
  outbox_retry_max_ms: milliseconds(30_000).describe('Longest pause between two tries of the outbox'),
  outbox_tries: count(20, 1000).describe(
    'A message that was refused so often while others were taken is kept and no longer sent',
  ),
  idempotency_hours: count(24, 720).describe('Hours that the answer to an Idempotency-Key is kept'),
  idempotency_keys: count(10_000).describe(
    'Answers to Idempotency-Keys that are kept of one caller; beyond that the oldest go',
  ),
  headers_ms: milliseconds(15_000).describe('Time for the headers of a request to arrive'),
  request_ms: milliseconds(60_000).describe('Time for a whole request to arrive'),
  first_byte_ms: milliseconds(15_000).describe('A connection that has sent nothing for this long is closed'),
  keep_alive_ms: milliseconds(75_000).describe(
    'Time that a connection is kept for another request; longer than the 60 s of most load balancers',
  ),
  write_stall_ms: milliseconds(30_000).describe(
    'A connection that takes nothing of its answer for this long is closed',
  ),
  unsent_bytes: count(268_435_456, 17_179_869_184).describe(
    'Bytes of large answers that may wait for their readers; beyond it the slowest reader is let go',
  ),
  drain_ms: z.number().int().min(0).max(86_400_000).optional().meta({
    description: 'Time after SIGTERM in which everything is served and readiness says no',
    absent: '0 with the embedded PostgreSQL, else 5000',
  }),
  shutdown_ms: milliseconds(10_000).describe('Time after that to drain before the process ends'),
})

export const Config = z.strictObject({
  server: Server.prefault({}),
  mcp: Mcp.prefault({}),
  database: Database.prefault({}),
  ai: Ai.prefault({}),
  inngest: Inngest.prefault({}),
  security: Security.prefault({}),
  mail: Mail.prefault({}),
  webhooks: Webhooks.prefault({}),
  imports: Imports.prefault({}),
  logging: Logging.prefault({}),
  telemetry: Telemetry.prefault({}),
  limits: Limits.prefault({}),
})
export type ConfigFile = z.input<typeof Config>
export type Config = z.output<typeof Config>
