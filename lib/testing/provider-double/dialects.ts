/** How one API writes an answer as server-sent events. */
export interface Dialect {
  /** Before the first piece. */
  begin(model: string): string
  piece(text: string): string
  /** @param finish as this API names it; undefined: its usual end */
  end(finish: unknown, tokens: { input: number; output: number } | undefined): string
  /** The same with anything in the place of the tokens. */
  endWith(finish: unknown, reported: unknown): string
  /** An event with any data. */
  odd(data: unknown): string
  /** An error after the answer has begun. */
  error(message: string): string
  /** The body of an answer with an error status. */
  problem(message: string, code: string): unknown
  requestIdHeader: string
}

function event(data: unknown, name?: string): string {
  return `${name === undefined ? '' : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`
}

const named = (data: { type: string } & Record<string, unknown>) => event(data, data.type)

const openaiProblem = (message: string, code: string) => ({
  error: { message, type: code, param: null, code },
})

const responses: Dialect = {
  requestIdHeader: 'x-request-id',
  begin: (model) =>
    named({ type: 'response.created', response: { id: 'resp_1', object: 'response', model, output: [] } }),
  piece: (delta) =>
    named({ type: 'response.output_text.delta', item_id: 'msg_1', output_index: 0, content_index: 0, delta }),
  end(finish, tokens) {
    const usage = tokens && {
      input_tokens: tokens.input,
      output_tokens: tokens.output,
      total_tokens: tokens.input + tokens.output,
    }
    return this.endWith(finish, usage ?? null)
  },
  endWith(finish, usage) {
    const type = finish === undefined ? 'response.completed' : 'response.incomplete'
    const incomplete_details = finish === undefined ? null : { reason: finish }
    return named({
      type,
      response: { id: 'resp_1', object: 'response', incomplete_details, output: [], usage },
    })
  },
  odd: (data) => event(data, 'response.output_text.delta'),
  error: (message) =>
    named({ type: 'response.failed', response: { id: 'resp_1', error: { code: 'server_error', message } } }),
  problem: openaiProblem,
}

const chunk = (choices: unknown[], usage: unknown = null) =>
  event({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'double', choices, usage })

const chat: Dialect = {
  requestIdHeader: 'x-request-id',
  begin: () => chunk([{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }]),
  piece: (content) => chunk([{ index: 0, delta: { content }, finish_reason: null }]),
  end(finish, tokens) {
    const usage = tokens && {
      prompt_tokens: tokens.input,
      completion_tokens: tokens.output,
      total_tokens: tokens.input + tokens.output,
    }
    return this.endWith(finish, usage)
  },
  endWith(finish, usage) {
    const last = chunk([{ index: 0, delta: {}, finish_reason: finish ?? 'stop' }])
    return `${last}${usage === undefined ? '' : chunk([], usage)}data: [DONE]\n\n`
  },
  odd: (data) => event(data),
  error: (message) => event(openaiProblem(message, 'server_error')),
  problem: openaiProblem,
}

const messages: Dialect = {
  requestIdHeader: 'request-id',
  begin: (model) =>
    named({
      type: 'message_start',
      message: {
        id: 'msg_1',
        role: 'assistant',
        model,
        content: [],
        usage: { input_tokens: 7, output_tokens: 1 },
      },
    }) + named({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
  piece: (text) => named({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }),
  end(finish, tokens) {
    return this.endWith(finish, tokens && { input_tokens: tokens.input, output_tokens: tokens.output })
  },
  endWith: (finish, usage) =>
    [
      { type: 'content_block_stop', index: 0 },
      {
        type: 'message_delta',
        delta: { stop_reason: finish ?? 'end_turn', stop_sequence: null },
        ...(usage === undefined ? {} : { usage }),
      },
      { type: 'message_stop' },
    ]
      .map(named)
      .join(''),
  odd: (data) => event(data, 'content_block_delta'),
  error: (message) => named({ type: 'error', error: { type: 'overloaded_error', message } }),
  problem: (message, type) => ({ type: 'error', error: { type, message } }),
}

/** By the path of the call. */
export const DIALECTS: Readonly<Record<string, Dialect>> = {
  '/v1/responses': responses,
  '/v1/chat/completions': chat,
  '/v1/messages': messages,
}
