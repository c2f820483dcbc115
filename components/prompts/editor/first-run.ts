import { rememberLastUsed } from '#components/ai/preferred-configuration.ts'
import { editorRuns, keepRunId } from '#components/playground/kept-runs.ts'
import { showToast } from '#components/ui/toast.ts'
import type { Prompt } from '#lib/prompts/schema.ts'
import { call } from '#lib/rest/client.ts'
import type { FirstRun } from '../test/draft-run.tsx'

/** Runs a prompt that was just made; its page, which comes next, shows the answer. */
export async function startFirstRun({ name, version }: Prompt, run: FirstRun): Promise<void> {
  const { configuration } = run
  try {
    const body = { prompt: name, version, ...run }
    const { id } = await call('POST /api/generations', { body, idempotencyKey: crypto.randomUUID() })
    rememberLastUsed(configuration)
    keepRunId(editorRuns(name), configuration, id)
  } catch (error) {
    const detail = error instanceof Error ? error.message : undefined
    showToast({ tone: 'failure', key: 'run', message: 'It was saved, but not run.', detail })
  }
}
