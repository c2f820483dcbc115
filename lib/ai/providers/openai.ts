import { estimateRequest } from './estimate.ts'
import { generateByChat } from './openai-chat.ts'
import { listOpenaiModels, USUAL_BASE_URL } from './openai-client.ts'
import { generateByResponses, refusedByOpenai } from './openai-responses.ts'
import type { Provider } from './provider.ts'

const TITLE = 'OpenAI'

/** OpenAI: the Responses API, or Chat Completions when the configuration says so. */
export const openai: Provider = {
  id: 'openai',
  title: TITLE,
  key: { environment: 'OPENAI_API_KEY', required: true },
  baseUrl: { usual: USUAL_BASE_URL, required: false },
  apis: ['responses', 'chat_completions'],
  generate: (connection, request, signal) =>
    connection.api === 'chat_completions'
      ? generateByChat({ maxTokens: 'max_completion_tokens' }, connection, request, signal)
      : generateByResponses(TITLE, connection, request, signal),
  listModels: listOpenaiModels,
  estimate: estimateRequest,
  refuses: refusedByOpenai,
}
