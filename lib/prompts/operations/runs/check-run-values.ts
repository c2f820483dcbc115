import type { Actor } from '../../../access/actor.ts'
import { type AppError, appError, type ErrorDetail, isAppError } from '../../../errors.ts'
import { inSlices } from '../../../pacing.ts'
import { operation } from '../../../telemetry/operation.ts'
import type { VersionChoice } from '../../cache/find-version.ts'
import { rememberValues } from '../../cache/past-values.ts'
import { assertMay } from '../../policy.ts'
import { valueLimits } from '../../render/renderers.ts'
import type { CompiledPrompt } from '../../template/compile.ts'
import { fitValues } from '../../template.ts'
import { findVersionToRun, type RunVersion } from './prepare-run.ts'

export type CheckRunValuesRequest = VersionChoice & {
  name: string
  values: readonly Readonly<Record<string, unknown>>[]
  /** Where the caller gave the values, for errors: `['inputs', 3]`. */
  placeOf: (index: number) => (string | number)[]
}

/**
 * Finds a version as a render does and checks many sets of values against its variables. Nothing is rendered
 * yet: a thousand renders of some megabytes each would be a matter of seconds and gigabytes.
 * @throws as renderPrompt does for values, with the place of the values before each path
 */
export const checkRunValues = operation('checkRunValues', run)

async function run(actor: Actor, request: CheckRunValuesRequest): Promise<RunVersion> {
  assertMay(actor, 'read')
  const { resolution, version: compiled } = await findVersionToRun(actor, request)
  const { prompt, label } = resolution
  const { version, checksum } = compiled.stored
  await checkAll(compiled.compiled(), request)
  rememberValues(actor, prompt.id, compiled.variables, request.values[0] ?? {})
  return { prompt_id: prompt.id, name: prompt.name, version, label, checksum }
}

/** What an error tells at most. */
const MOST_TOLD = 50

/** @throws unprocessable with what does not fit in each set of values; too_large at the first that passes a limit */
async function checkAll(
  prompt: CompiledPrompt,
  { values: all, placeOf }: Pick<CheckRunValuesRequest, 'values' | 'placeOf'>,
): Promise<void> {
  const limits = valueLimits()
  const pause = inSlices()
  const details: ErrorDetail[] = []
  let first: AppError | undefined
  let count = 0
  for (const [index, values] of all.entries()) {
    try {
      fitValues(prompt, values, limits)
    } catch (error) {
      const refused = isAppError(error) ? placed(error, placeOf(index)) : undefined
      if (refused?.code !== 'unprocessable') throw refused ?? error
      first ??= refused
      count += 1
      details.push(...refused.details)
    }
    // An author who mends so many sees the others the next time.
    if (details.length >= MOST_TOLD) break
    await pause()
  }
  if (first === undefined) return
  const others = count > 1 ? `; ${count - 1} or more others do not fit either` : ''
  throw appError('unprocessable', `${first.message}${others}`, { details, cause: first })
}

/** The same error with the place of the values before its message and each path. */
function placed(error: AppError, at: (string | number)[]): AppError {
  const { code, message, details, extra, retryAfter } = error
  return appError(code, `${at.join('.')}: ${message}`, {
    details: details.map((detail) => ({ ...detail, path: [...at, ...detail.path] })),
    extra,
    ...(retryAfter !== undefined && { retryAfter }),
    cause: error,
  })
}
