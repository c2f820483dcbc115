import { estimateRequest } from './estimate.ts'
import { generateByChat } from './openai-chat.ts'
import { listOpenaiModels } from './openai-client.ts'
import { generateByResponses, refusedByOpenai } from './openai-responses.ts'
import type { Provider } from './provider.ts'

const TITLE = 'OpenAI-compatible'

/** Any server of OpenAI's API at an address of its own: Ollama, vLLM, OpenRouter, a gateway … */
export const openaiCompatible: Provider = {
  id: 'openai-compatible',
  title: TITLE,
  key: { environment: undefined, required: false },
  baseUrl: { usual: undefined, required: true },
  apis: ['chat_completions', 'responses'],
  generate: (connection, request, signal) =>
    connection.api === 'responses'
      ? generateByResponses(TITLE, connection, request, signal)
      : generateByChat({ maxTokens: 'max_tokens' }, connection, request, signal),
  listModels: listOpenaiModels,
  estimate: estimateRequest,
  refuses: refusedByOpenai,
}
