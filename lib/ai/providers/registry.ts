import { isLocal } from '../../access/state.ts'
import type { LoadedConfig } from '../../config/load.ts'
import { getRuntime } from '../../runtime.ts'
import { anthropic } from './anthropic.ts'
import { echo } from './echo.ts'
import { openai } from './openai.ts'
import { openaiCompatible } from './openai-compatible.ts'
import type { Provider } from './provider.ts'

/** A line for each provider, in the order that people are offered them. */
const PROVIDERS: readonly Provider[] = [openai, anthropic, openaiCompatible, echo]

/** The providers that can be used here; echo is among them only while it is switched on. */
export function allProviders(): readonly Provider[] {
  const { config } = getRuntime()
  return isEchoOn(config) ? PROVIDERS : PROVIDERS.filter((provider) => provider !== echo)
}

/** @param id as configurations name it; undefined when there is none, or when it is switched off */
export function findProvider(id: string): Provider | undefined {
  return allProviders().find((provider) => provider.id === id)
}

function isEchoOn(config: LoadedConfig): boolean {
  return config.ai.echo ?? isLocal(config)
}
