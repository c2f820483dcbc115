import type { Generation, GenerationAttempt } from '../../generations/schema.ts'

const AT = '2026-11-24T12:00:00.000Z'

/** A generation as the API would answer it: one that is running, unless the test says otherwise. */
export function aGeneration(facts: Partial<Generation> = {}): Generation {
  return {
    id: '019abc00-0000-7000-8000-000000000001',
    status: 'running',
    prompt: 'greet',
    version: 1,
    label: null,
    is_draft: false,
    configuration: 'one',
    provider: 'echo',
    model: 'echo',
    queue: 'interactive',
    batch_id: null,
    retry_of: null,
    input_tokens: null,
    output_tokens: null,
    cost: null,
    latency_ms: null,
    first_token_ms: null,
    tokens_per_second: null,
    queue_ms: 0,
    error: null,
    ratings: { successes: 0, failures: 0 },
    author: { id: 'a', kind: 'person', display: 'Somebody' },
    created_at: AT,
    started_at: AT,
    finished_at: null,
    cancel_requested_at: null,
    redacted_at: null,
    checksum: 'c',
    draft: null,
    variables: {},
    is_rendered: true,
    settings: { used: { model: 'double' }, ignored: [] },
    messages: [{ role: 'user', content: 'Hello' }],
    configuration_as_it_was: {
      name: 'one',
      provider: 'echo',
      model: 'echo',
      base_url: null,
      api: null,
      max_tokens: null,
      temperature: null,
      top_p: null,
      system_text: null,
      input_price_per_million: null,
      output_price_per_million: null,
    },
    text: null,
    finish_reason: null,
    attempts: [anAttempt()],
    taken_at: null,
    waits: [],
    receipt: null,
    ...facts,
  }
}

/** An attempt that has not ended, unless the test says otherwise. */
export function anAttempt(facts: Partial<GenerationAttempt> = {}): GenerationAttempt {
  return {
    attempt: 1,
    status: 'running',
    configuration: 'one',
    provider: 'echo',
    model: 'echo',
    provider_request_id: null,
    input_tokens: null,
    output_tokens: null,
    cost: null,
    latency_ms: null,
    first_token_ms: null,
    finish_reason: null,
    error: null,
    started_at: AT,
    finished_at: null,
    ...facts,
  }
}
