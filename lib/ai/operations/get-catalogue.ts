import type { Actor } from '../../access/actor.ts'
import { getRuntime } from '../../runtime.ts'
import { operation } from '../../telemetry/operation.ts'
import { environmentKey } from '../calls/call-key.ts'
import { AS_OF, modelsOf } from '../catalogue.ts'
import { assertMay } from '../policy.ts'
import type { Provider } from '../providers/provider.ts'
import { allProviders } from '../providers/registry.ts'
import type { Catalogue, CatalogueProvider } from '../schema.ts'

/**
 * The providers that can be used here and their models, with what is known of sizes and prices.
 * @throws forbidden
 */
export const getCatalogue = operation('getCatalogue', run)

function run(actor: Actor): Promise<Catalogue> {
  assertMay(actor, 'read')
  return Promise.resolve({ as_of: AS_OF, providers: allProviders().map(describe) })
}

function describe(provider: Provider): CatalogueProvider {
  const { id, title, note = null, key, baseUrl, apis } = provider
  return {
    id,
    title,
    note,
    key: key === null ? 'none' : key.required ? 'required' : 'optional',
    environment_key: environmentKey(provider, null) !== undefined,
    base_url: baseUrl === null ? 'none' : baseUrl.required ? 'required' : 'optional',
    usual_base_url: baseUrl?.usual ?? null,
    apis: [...apis],
    models: modelsOf(id, getRuntime().config),
  }
}
