import { expect } from 'vitest'
import type { ProviderFailure } from '../../ai/providers/provider.ts'
import { type CallingRuntime, callingRuntime } from '../calling-runtime.ts'
import { type ProviderDouble, startProviderDouble } from '../provider-double/server.ts'

/** Keys of the operator. */
export const ENVIRONMENT = {
  OPENAI_API_KEY: 'sk-environment-openai',
  ANTHROPIC_API_KEY: 'sk-ant-environment',
}

/** The provider double, and a runtime that sends its keys there. */
export interface Calls {
  double: ProviderDouble
  app: CallingRuntime
  close: () => Promise<void>
}

/** Starts the provider double and a runtime that calls it; `ai` says what else of the section is set. */
export async function startCalls(
  ai: NonNullable<Parameters<typeof callingRuntime>[0]>['ai'] = {},
): Promise<Calls> {
  const double = await startProviderDouble()
  const app = callingRuntime({
    ai: { key_hosts: [new URL(double.url).host], ...ai },
    environment: ENVIRONMENT,
  })
  return {
    double,
    app,
    close: async () => {
      await app.close()
      await double.close()
    },
  }
}

/** The failure that a call ends with. */
export async function failureOf(call: Promise<unknown>): Promise<ProviderFailure> {
  const error: unknown = await call.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  )
  expect(error).toMatchObject({ name: 'ProviderFailure' })
  return error as ProviderFailure
}
