import { type ProviderDouble, startProviderDouble } from '#lib/testing/provider-double/server.ts'
import { rest } from '../protocol/mcp-apps.ts'
import { type RunningApp, startApp } from '../start-app.ts'

/** An app to be fuzzed, with a provider that is played. */
export interface Fuzzed {
  app: RunningApp
  double: ProviderDouble
  /** What a fuzzer may name that the app's lists do not tell: no way leads out of this machine. */
  fixed: Record<string, unknown[]>
  stop(): Promise<void>
}

export async function startFuzzed(): Promise<Fuzzed> {
  const double = await startProviderDouble()
  const app = await startApp({
    config: {
      ai: { first_token_ms: 2000, idle_ms: 1000, retries: 0 },
      limits: {
        generation_wait_ms: 300,
        generation_batch: 20,
        generations_per_minute: 100_000,
        configurations: 10_000,
        // As many as are asked for at once: that others wait is tested by itself.
        imports: 16,
      },
    },
  })
  for (const [name, more] of [
    ['played', { provider: 'openai-compatible', model: 'words-3', base_url: double.openaiUrl }],
    ['broken', { provider: 'openai-compatible', model: 'status-500', base_url: double.openaiUrl }],
    ['quick', { provider: 'echo', model: 'echo-fast' }],
  ] as const)
    await rest(app, 'POST', '/api/ai/configurations', { name, ...more })
  await rest(app, 'POST', '/api/prompts/zero_shot/examples', {
    name: 'one',
    values: { task_description: 'a' },
  })
  return {
    app,
    double,
    fixed: {
      configuration: ['played', 'broken', 'quick', 'nobody'],
      provider: ['echo', 'openai-compatible', 'nobody'],
      base_url: [double.openaiUrl, 'http://127.0.0.1:1/v1', 'http://[::1]:1', 'ftp://localhost'],
      model: ['words-3', 'echo-fast', 'stall', 'garbage', 'status-429'],
    },
    async stop() {
      await app.stop()
      await double.close()
    },
  }
}
