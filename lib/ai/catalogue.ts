import type { LoadedConfig } from '../config/load.ts'
import type { CatalogueModel } from './schema.ts'

/** Day on which the list below was made. */
export const AS_OF = '2026-11-25'

/** Tokens of the context and of the longest answer, dollars for a million tokens in and out. */
type Line = [model: string, context: number | null, output: number | null, input: number, answer: number]

/**
 * Models that can be used today, the usual choice first, by what their makers published. Prices are those
 * of ordinary prompts at the standard tier: some models cost more beyond 100,000 or 272,000 tokens of
 * input, and cached input costs less. A size that was not found is null.
 */
const MODELS: Readonly<Record<string, readonly Line[]>> = {
  openai: [
    ['gpt-6.1-sol', 1_050_000, 128_000, 2, 10],
    ['gpt-6.1-terra', 1_050_000, 128_000, 1, 5],
    ['gpt-6-luna', 1_050_000, 128_000, 0.1, 0.5],
    ['gpt-6-astra', 1_050_000, 128_000, 10, 50],
    ['gpt-6-sol', 1_050_000, 128_000, 2, 10],
    ['gpt-5.6-sol', 1_050_000, 128_000, 4, 20],
    ['gpt-5.6-terra', 1_050_000, 128_000, 2, 12],
    ['gpt-5.6-luna', 1_050_000, 128_000, 0.2, 1.2],
    ['gpt-5.5', null, null, 5, 30],
    ['gpt-5.4', null, null, 2.5, 15],
    ['gpt-5.4-mini', null, null, 0.75, 4.5],
  ],
  anthropic: [
    ['claude-sonnet-5-5', 1_000_000, 128_000, 2, 10],
    ['claude-opus-5-5', 1_000_000, 128_000, 4, 20],
    ['claude-haiku-5-5', 1_000_000, 128_000, 0.1, 0.5],
    ['claude-fable-5-2', 1_000_000, 128_000, 8, 40],
    ['claude-fable-5-1', 1_000_000, 128_000, 10, 50],
    ['claude-opus-5', 1_000_000, 128_000, 5, 25],
    ['claude-sonnet-5', 1_000_000, 128_000, 2, 10],
    ['claude-haiku-4-5', 200_000, 64_000, 1, 5],
  ],
  echo: [['echo', null, null, 0, 0]],
}

/** The models of a provider: the list above, with the entries of `ai.catalogue` in their place or after it. */
export function modelsOf(provider: string, { ai }: Pick<LoadedConfig, 'ai'>): CatalogueModel[] {
  const models = new Map((MODELS[provider] ?? []).map((line) => [line[0], toModel(line)]))
  for (const entry of ai.catalogue) {
    if (entry.provider !== provider) continue
    models.set(entry.model, {
      model: entry.model,
      context_tokens: entry.context_tokens ?? null,
      output_tokens: entry.output_tokens ?? null,
      input_price_per_million: entry.input_price_per_million ?? null,
      output_price_per_million: entry.output_price_per_million ?? null,
    })
  }
  return [...models.values()]
}

function toModel([model, context, output, input, answer]: Line): CatalogueModel {
  return {
    model,
    context_tokens: context,
    output_tokens: output,
    input_price_per_million: input,
    output_price_per_million: answer,
  }
}
