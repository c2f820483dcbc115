import { keyPlace } from '../../ai/calls/call-key.ts'
import type { ModelCall } from '../../ai/calls/call-model.ts'
import type { ConfigurationFacts } from '../../ai/schema.ts'
import { newId } from '../../id.ts'
import { makeDataKey, type Sealed, seal } from '../../secrets/sealing.ts'

type Asked = Pick<ConfigurationFacts, 'provider' | 'model'> & Partial<ConfigurationFacts>

interface More extends Partial<Omit<ModelCall, 'configuration'>> {
  facts?: Partial<ConfigurationFacts>
  /** A stored key, which is sealed here. */
  apiKey?: string
}

/** All calls come from one workspace, as those of a test do. */
const workspaceId = newId()

function sealed(key: string, id: string): Sealed {
  const { id: keyId, wraps } = makeDataKey(workspaceId)
  return { sealed: seal(key, { id: keyId, wraps }, keyPlace(workspaceId, id)), keyId, wraps }
}

/** A call with everything that a test does not say. */
export function modelCall(asked: Asked, { facts, apiKey, ...more }: More = {}): ModelCall {
  const id = newId()
  return {
    workspaceId,
    configuration: {
      id,
      facts: {
        name: 'tested',
        base_url: null,
        api: null,
        max_tokens: null,
        temperature: null,
        top_p: null,
        system_text: null,
        input_price_per_million: null,
        output_price_per_million: null,
        ...asked,
        ...facts,
      },
      sealedKey: apiKey === undefined ? null : sealed(apiKey, id),
    },
    messages: [{ role: 'user', content: 'Say hello.' }],
    signal: new AbortController().signal,
    onText: () => undefined,
    context: {},
    ...more,
  }
}
