import { z } from 'zod'
import { may } from '../../access/rights.ts'
import { awaitGeneration } from '../../generations/operations/await-generation.ts'
import { cancelGeneration } from '../../generations/operations/cancel-generation.ts'
import { requestGeneration } from '../../generations/operations/request-generation.ts'
import { type Generation, RequestGenerationInput } from '../../generations/schema.ts'
import { isFinished } from '../../generations/status.ts'
import { getRuntime } from '../../runtime.ts'
import type { Caller } from '../caller.ts'
import { byName } from '../did-you-mean.ts'
import { watchCancellation } from '../transport/cancellation.ts'
import { assertInScope, selectorOf } from '../visibility.ts'
import { GenerationResult, toGenerationResult } from './generation-result.ts'
import { Selector, TemplateName } from './render-prompt.ts'
import { CALLS_OUT, tool } from './tool.ts'

/** Below the time that many clients give a call. */
const WAIT_SECONDS = 30
const REPORT_EVERY_MS = 250

const { variables, configuration } = RequestGenerationInput.shape
const { description: ABOUT_CONFIGURATION = '' } = configuration

const GenerateInput = z.strictObject({
  template_name: TemplateName,
  variables,
  ...Selector,
  // Any text: the error for an unknown one lists those that exist.
  configuration: z.string().min(1).optional().describe(ABOUT_CONFIGURATION),
  wait_seconds: z
    .number()
    .min(0)
    .max(60, 'must be at most 60 seconds; limits.generation_wait_ms may end it sooner')
    .optional()
    .describe(`Seconds to wait for the text, ${WAIT_SECONDS} by default`),
})

export const generateTool = tool({
  name: 'generate',
  scope: 'generations:run',
  title: 'Run a prompt against a model',
  description:
    'Fills a prompt template with values and sends it to a model; returns the text that the model generated. One that takes longer than wait_seconds goes on in the background: the answer is then its id and status, and get_generation returns its text later. It costs what the model costs.',
  annotations: CALLS_OUT,
  input: GenerateInput,
  output: GenerationResult,
  run: (caller, input) => byName(caller, input.template_name, () => generate(caller, input)),
})

async function generate(
  caller: Caller,
  { template_name: prompt, wait_seconds: seconds = WAIT_SECONDS, ...rest }: z.infer<typeof GenerateInput>,
) {
  const { label: byLabel, version: byNumber, ...asked } = rest
  await assertInScope(caller, prompt, { label: byLabel, version: byNumber })
  const selector = selectorOf(caller, { label: byLabel, version: byNumber })
  // A caller that does not wait may disconnect: the generation goes on.
  const cancellation = seconds === 0 ? undefined : watchCancellation(caller)
  try {
    // Who may not read generations is answered its own with the request, or not at all.
    const mayFollow = may(caller.actor, 'generations:read')
    const request = { prompt, ...asked, ...selector, ...(!mayFollow && seconds > 0 && { wait: seconds }) }
    const queued = await requestGeneration(caller.actor, request)
    if (cancellation === undefined || !mayFollow || isFinished(queued.status))
      return toGenerationResult(queued)
    const found = await wait(caller, queued.id, { seconds, taken: cancellation.signal })
    return toGenerationResult(await stopped(caller, found, cancellation.signal))
  } finally {
    cancellation?.end()
  }
}

/** The generation, stopped when its client has taken the call back; not when it is this process that ends. */
async function stopped({ actor }: Caller, found: Generation, taken: AbortSignal): Promise<Generation> {
  if (!taken.aborted || isFinished(found.status) || getRuntime().phase !== 'ready') return found
  return cancelGeneration(actor, { id: found.id })
}

/** Progress counts the characters that have arrived. It only grows, across attempts too. */
function wait(
  { actor, report, signal }: Caller,
  id: string,
  { seconds, taken }: { seconds: number; taken: AbortSignal },
) {
  let told = 0
  let nextAt = 0
  report?.(told, `${id} is queued`)
  return awaitGeneration(actor, {
    id,
    seconds: taken.aborted ? 0 : seconds,
    signal: signal === undefined ? taken : AbortSignal.any([signal, taken]),
    onProgress({ status, configuration }, length) {
      if (report === undefined || performance.now() < nextAt) return
      nextAt = performance.now() + REPORT_EVERY_MS
      told = Math.max(told + 1, length)
      report(told, `${id} is ${status}: ${configuration} has answered ${length} characters`)
    },
  })
}
